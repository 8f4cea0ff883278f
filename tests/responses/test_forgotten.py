"""The name of a person goes with the person, out of our own words too; what we said stays, and is sent and found as it was."""

import json

import pytest

from accounts.models import AuditEntry
from inbox import conversations
from inbox.keeping import erasure, retention, unnamed
from inbox.models import ErasureRequest, Message, MessageVersion, Note
from responses import outbox, replies
from responses.models import MissReview, Reply, ReplyDraft
from tests.factories import DAY, HOUR, MINUTE, NOON, SECOND, make_channel, make_contact, make_finding, make_waiting
from tests.responses.queueing import queue

pytestmark = pytest.mark.django_db
JULIE = "10001"


@pytest.fixture
def contact(place):
    return make_contact(make_channel(place), external_id=JULIE, name="Julie Exemple")


@pytest.fixture
def conversation(contact):
    return make_waiting(contact.channel, contact=contact)


@pytest.fixture
def sent(conversation, ana, graph):
    reply = queue(conversation, ana, answer="Oui, Julie, jusqu’à 21 h.")
    assert outbox.deliver(reply.pk, now=NOON + 10 * SECOND) == "sent"
    reply.refresh_from_db()
    return reply


def everything_kept(*rows) -> str:
    return json.dumps([list(each.objects.values()) for each in rows], default=str)


def ask_to_be_forgotten(now=NOON + HOUR) -> bool:
    erasure.receive("deletion", JULIE, signed_request=f"x.{now}", now=now)
    return bool(erasure.carry_out(now=now))


def test_what_we_said_stays_without_the_name(sent, conversation):
    assert "Bonjour Julie" in sent.text

    assert ask_to_be_forgotten()

    sent.refresh_from_db()
    message = Message.objects.get(direction="out")
    assert message.text == sent.text == "Bonjour […], Oui, […], jusqu’à 21 h. Au plaisir!"
    assert sent.fields["first_name"] == "[…]"
    assert message.purged_at == NOON + HOUR


def test_the_page_says_that_a_name_was_taken_out(sent, conversation, ana, sign_in):
    said = "name was taken out of these words"
    desk = sign_in(ana)
    assert said not in desk.get(conversation.get_absolute_url()).text

    ask_to_be_forgotten()

    assert said in desk.get(conversation.get_absolute_url()).text


def test_no_version_note_correction_or_review_keeps_it(sent, conversation, ana, place):
    message = Message.objects.get(direction="out")
    MessageVersion.objects.create(message=message, text="Bonjour JULIE!", written_at=NOON, original=True)
    Note.objects.create(conversation=conversation, author=ana, text="Mme Exemple rappellera.", created_at=NOON)
    conversation.actions.create(
        message=message, kind="edit", text="Merci Julie", reason="Julie l’a demandé", by=ana, created_at=NOON, try_at=NOON
    )
    seen = make_finding(conversation.messages.get(direction="in"))
    removed = {"removed_at": NOON, "removed_by": ana, "removal": "figure_of_speech", "removal_note": "Julie plaisantait"}
    type(seen).objects.filter(pk=seen.pk).update(**removed)
    wait = conversation.waits.get()
    MissReview.objects.create(wait=wait, note="Julie a appelé.", updated_by=ana, updated_at=NOON)

    ask_to_be_forgotten()

    kept = everything_kept(
        Reply, Message, MessageVersion, Note, MissReview, type(message.actions.get()), type(seen), ErasureRequest
    )
    assert "julie" not in kept.lower()
    assert "Exemple" not in kept
    assert Note.objects.get().text == "Mme […] rappellera."


def test_a_draft_to_who_is_forgotten_goes(conversation, ana):
    replies.save_draft(
        conversation, by=ana, now=NOON, version=None, language="fr", mode="public", fields={"text": "Bonjour Julie"}
    )

    ask_to_be_forgotten()

    assert not ReplyDraft.objects.exists()


def test_the_name_stays_until_what_is_on_its_way_has_arrived(conversation, ana, graph):
    reply = queue(conversation, ana)

    assert not ask_to_be_forgotten(NOON + SECOND)
    outbox.deliver(reply.pk, now=NOON + 10 * SECOND)
    assert erasure.carry_out(now=NOON + MINUTE) == 1

    assert "Julie" not in Message.objects.get(direction="out").text


def test_the_audit_trail_never_holds_a_name(sent, conversation, ana):
    conversations.close(conversation, "answered", by=ana, now=NOON + HOUR)
    replies.undo(queue(conversation, ana, now=NOON + HOUR), by=ana, now=NOON + HOUR)

    entries = [json.dumps([entry.subject, entry.detail]) for entry in AuditEntry.objects.all()]

    assert len(entries) > 4
    assert not [entry for entry in entries if "Julie" in entry or "Exemple" in entry]
    composed = AuditEntry.objects.filter(action="reply.composed").earliest("pk")
    assert composed.detail["text"] == "Bonjour […], Oui, […], jusqu’à 21 h. Au plaisir!"


# --- where a platform lets nobody keep names ---------------------------------------------------------------


@pytest.fixture
def member(place):
    channel = make_channel(place, "linkedin", external_id="urn:li:organization:77001100")
    return make_contact(channel, name="Julie Exemple", named_at=NOON)


def write_draft(conversation, by, **fields):
    return replies.save_draft(conversation, by=by, now=NOON, version=None, language="fr", mode="public", fields=fields)


def test_a_name_that_may_not_be_kept_goes_out_of_our_answers_and_a_draft_reads_as_to_a_stranger(member, ana):
    conversation = make_waiting(member.channel, contact=member)
    reply = queue(conversation, ana)
    Reply.objects.update(state="sent", sent_at=NOON)
    write_draft(conversation, ana, text="Julie, merci! Oui, bien sûr.", first_name="Julie")

    assert retention.purge(now=NOON + DAY)["names"] == 1

    reply.refresh_from_db()
    assert "Julie" not in reply.text
    assert ReplyDraft.objects.get().fields == {"text": "Merci! Oui, bien sûr."}


def test_a_name_that_may_not_be_kept_stays_until_the_reply_has_left(member, ana):
    queue(make_waiting(member.channel, contact=member), ana)

    assert retention.purge(now=NOON + DAY)["names"] == 0
    Reply.objects.update(state="sent", sent_at=NOON)
    assert retention.purge(now=NOON + DAY + MINUTE)["names"] == 1


# --- which words are a name --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said", "left"),
    [
        ("Julie Tremblay", "Bonjour Julie!", "Bonjour […]!"),
        ("Julie Tremblay", "Mme TREMBLAY, julie", "Mme […], […]"),
        ("Julie Tremblay", "Julien et Juliette", "Julien et Juliette"),
        ("Marie-Ève Roy", "Merci Marie-Ève.", "Merci […]."),
        ("Pharmacie du Quai", "La pharmacie est ouverte.", "La pharmacie est ouverte."),
        ("A.*", "A.* ou rien", "[…] ou rien"),
        ("", "Bonjour", "Bonjour"),
    ],
)
def test_whole_words_of_a_persons_name_alone_are_taken_out(place, name, said, left):
    contact = make_contact(make_channel(place), name=name)

    assert unnamed.without(said, unnamed.names_of(contact)) == left
