"""Composing: only approved words, drawn by the server, to somebody who may still be written to."""

from uuid import uuid4

import pytest

from accounts.access import Role
from accounts.models import AuditEntry
from inbox import live
from inbox.models import Message
from responses import outbox, replies
from responses.composing.seen import Seen
from responses.models import Reply, ReplyDraft
from responses.replies import Words
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    make_channel,
    make_location,
    make_member,
    make_message,
    make_version,
    make_waiting,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TEN = 10 * SECOND


@pytest.fixture
def conversation(place):
    return make_waiting(make_channel(place))


@pytest.fixture
def version(place):
    return make_version(place.organization)


@pytest.fixture
def words(version):
    return Words(version=version, language="fr", filled={"answer": "oui, jusqu’à 21 h.", "first_name": "Julie"})


@pytest.fixture
def pharmacist(place):
    return make_member(place.organization, Role.PHARMACIST)


def compose(conversation, by, words, *, now=NOON, **more):
    return replies.compose(conversation, by=by, now=now, words=words, **more)


class TestWords:
    def test_the_server_draws_the_text_from_the_version_and_its_fields(self, conversation, ana, words, version):
        reply = compose(conversation, ana, words)

        assert reply.text == "Bonjour Julie, oui, jusqu’à 21 h. Au plaisir!"
        assert (reply.version, reply.fields) == (version, {"answer": "oui, jusqu’à 21 h.", "first_name": "Julie"})
        assert (reply.state, reply.send_at) == ("queued", NOON + TEN)

    def test_the_english_twin_is_one_word_away(self, conversation, ana, version):
        conversation.language = "en"
        conversation.save(update_fields=["language"])
        reply = compose(
            conversation, ana, Words(version=version, language="en", filled={"answer": "yes, until 9.", "first_name": ""})
        )

        assert reply.text == "Hi, yes, until 9. See you soon!"

    def test_staff_fill_in_only_the_fields_that_are_theirs(self, conversation, ana, place):
        version = make_version(place.organization, body_fr="Appelez le {location_phone}.", body_en="Call {location_phone}.")

        reply = compose(conversation, ana, Words(version=version, filled={"location_phone": "1 900 555-0199", "answer": ""}))

        assert place.phone in reply.text
        assert "900" not in reply.text

    def test_a_first_name_that_staff_corrected_is_kept_for_the_next_reply(self, conversation, ana, version):
        compose(conversation, ana, Words(version=version, filled={"answer": "oui.", "first_name": "Juju"}))

        drawing = replies.draw(conversation, Words(version=version, filled={"answer": "non."}), by=ana, mode="public", now=NOON)
        conversation.contact.refresh_from_db()
        assert conversation.contact.first_name == "Juju"
        assert drawing.text.startswith("Bonjour J")

    def test_an_answer_is_never_read_as_a_template(self, conversation, ana, version):
        with pytest.raises(replies.Refused) as refusal:
            compose(conversation, ana, Words(version=version, filled={"answer": "{location_phone}"}))

        assert refusal.value.problems

    def test_an_answer_left_empty_is_refused(self, conversation, ana, version):
        with pytest.raises(replies.Refused, match="Write your answer"):
            compose(conversation, ana, Words(version=version, filled={"answer": "  "}))

    def test_a_template_that_needs_what_the_location_lacks_is_refused_with_the_reason(self, conversation, ana, place):
        place.booking_url = ""
        place.save()
        version = make_version(place.organization, body_fr="Réservez : {booking_link}", body_en="Book: {booking_link}")

        with pytest.raises(replies.Refused, match="no booking link"):
            compose(conversation, ana, Words(version=version))

    def test_staff_may_not_write_in_their_own_words(self, conversation, ana):
        with pytest.raises(replies.Forbidden):
            compose(conversation, ana, Words(text="Bonjour, prenez-en deux."))

        assert not Reply.objects.exists()

    def test_a_pharmacist_may(self, conversation, pharmacist):
        reply = compose(conversation, pharmacist, Words(text="Bonjour, nous vous rappelons aujourd’hui."))

        assert reply.version is None
        assert reply.text == "Bonjour, nous vous rappelons aujourd’hui."

    @pytest.mark.parametrize("role", [Role.COMPLIANCE, Role.PRIVACY, Role.AUDITOR, Role.ADMIN])
    def test_who_may_not_answer_may_not_answer(self, conversation, words, place, role):
        with pytest.raises(replies.Forbidden):
            compose(conversation, make_member(place.organization, role), words)

    def test_another_tenants_words_are_refused(self, conversation, ana):
        foreign = make_version(make_location().organization)

        with pytest.raises(replies.Refused):
            compose(conversation, ana, Words(version=foreign, filled={"answer": "oui."}))

    def test_another_locations_conversation_is_refused(self, place, words):
        elsewhere = make_location(place.organization)
        stranger = make_member(place.organization, Role.STAFF, locations=[elsewhere])

        with pytest.raises(replies.Forbidden):
            compose(make_waiting(make_channel(place)), stranger, words)

    @pytest.mark.parametrize("state", ["draft", "in_review", "changes_requested", "withdrawn", "expired", "replaced"])
    def test_only_words_in_force_may_be_used(self, conversation, ana, place, state):
        version = make_version(place.organization, state=state)

        with pytest.raises(replies.Refused, match="may no longer be used"):
            compose(conversation, ana, Words(version=version, filled={"answer": "oui."}))

    def test_words_may_be_used_on_their_last_day_and_not_after(self, place, ana):
        version = make_version(place.organization, expires_on=NOON.date())
        words = Words(version=version, filled={"answer": "oui."})

        assert compose(make_waiting(make_channel(place)), ana, words, now=NOON)
        with pytest.raises(replies.Refused):
            compose(make_waiting(make_channel(place)), ana, words, now=NOON + DAY)

    @pytest.mark.parametrize(("audience", "kind", "fits"), [("public", "comment", True), ("private", "comment", False),
                                                            ("public", "message", False), ("both", "message", True)])  # fmt: skip
    def test_words_for_one_audience_do_not_go_to_the_other(self, place, ana, audience, kind, fits):
        version = make_version(place.organization, audience=audience)
        conversation = make_waiting(make_channel(place), kind=kind)
        words = Words(version=version, filled={"answer": "oui."})

        if fits:
            assert compose(conversation, ana, words)
        else:
            with pytest.raises(replies.Refused, match="not for a"):
                compose(conversation, ana, words)

    def test_words_for_another_platform_are_refused(self, place, ana):
        version = make_version(place.organization, platforms=["instagram"])

        with pytest.raises(replies.Refused, match="not for Facebook"):
            compose(make_waiting(make_channel(place)), ana, Words(version=version, filled={"answer": "oui."}))


class TestGuard:
    def test_a_health_number_does_not_leave(self, conversation, pharmacist):
        with pytest.raises(replies.Refused):
            compose(conversation, pharmacist, Words(text="Votre numéro TREM 8503 1292 est bien reçu."))

        assert not Reply.objects.exists()

    def test_a_text_as_long_as_the_platform_allows_passes_and_one_more_does_not(self, place, pharmacist):
        conversation = make_waiting(make_channel(place, "linkedin"))
        size = replies.draw(conversation, Words(text="a"), by=pharmacist, mode="public", now=NOON).limit.size
        text = ("Nous sommes ouverts demain. " * size)[:size]
        text = text[:-1] + "."

        assert compose(conversation, pharmacist, Words(text=text))
        with pytest.raises(replies.Refused, match="1 character too long"):
            compose(conversation, pharmacist, Words(text=text + "!"))


class TestDoors:
    def test_a_disconnected_channel_is_refused_in_words(self, conversation, ana, words):
        conversation.channel.disconnected_at = NOON
        conversation.channel.save()

        with pytest.raises(replies.Refused, match="connect the channel again"):
            compose(conversation, ana, words)

    def test_a_site_that_takes_no_answers_is_refused_in_words(self, place, ana, words):
        conversation = make_waiting(make_channel(place, "website", settings={"site": "https://blog.example", "callback_url": ""}))

        with pytest.raises(replies.Refused, match="takes no answers"):
            replies.compose(conversation, by=ana, now=NOON, words=words)

    def test_a_private_message_after_seven_days_is_refused_before_sending(self, place, ana, words):
        conversation = make_waiting(make_channel(place), kind="message")

        with pytest.raises(replies.Refused, match="the time then starts anew"):
            compose(conversation, ana, words, now=NOON + 7 * DAY + SECOND)

    def test_a_comment_gets_one_private_message(self, conversation, ana, words):
        compose(conversation, ana, words, mode="private")

        with pytest.raises(replies.Refused, match="already received"):
            compose(conversation, ana, words, mode="private")

    def test_a_private_message_taken_back_leaves_the_one_to_be_used(self, conversation, ana, words):
        replies.undo(compose(conversation, ana, words, mode="private"), by=ana, now=NOON)

        assert compose(conversation, ana, words, mode="private").private_reply

    def test_a_platform_without_private_messages_to_comments_refuses(self, place, ana, words):
        conversation = make_waiting(make_channel(place, "linkedin"))

        with pytest.raises(replies.Refused, match="does not allow"):
            compose(conversation, ana, words, mode="private")


class TestOnce:
    def test_the_same_form_sent_twice_makes_one_reply(self, conversation, ana, words):
        key = uuid4()

        first = compose(conversation, ana, words, key=key)
        second = compose(conversation, ana, words, key=key, now=NOON + SECOND)

        assert first == second
        assert Reply.objects.count() == 1

    def test_a_reply_composed_rings_for_the_sender_once_it_is_committed(
        self, conversation, ana, words, django_capture_on_commit_callbacks
    ):
        with live.redis().pubsub(ignore_subscribe_messages=True) as bell:
            bell.subscribe(outbox.BELL)
            bell.get_message(timeout=5)  # that we listen
            with django_capture_on_commit_callbacks(execute=True):
                compose(conversation, ana, words)
                assert bell.get_message(timeout=0) is None

            assert bell.get_message(timeout=5)

    def test_without_redis_a_reply_is_composed_all_the_same(
        self, conversation, ana, words, settings, django_capture_on_commit_callbacks
    ):
        settings.REDIS_URL = "unix:///nowhere/redis.sock"
        live.redis.cache_clear()
        try:
            with django_capture_on_commit_callbacks(execute=True):
                reply = compose(conversation, ana, words)
        finally:
            live.redis.cache_clear()

        assert reply.state == "queued"


class TestStale:
    def test_what_was_seen_is_not_asked_about(self, conversation, ana, words):
        assert compose(conversation, ana, words, seen=Seen.of(conversation))

    def test_a_newer_message_is_shown_before_sending(self, conversation, ana, words):
        seen = Seen.of(conversation)
        late = make_message(conversation, at=NOON + MINUTE, text="Laissez faire, j’ai trouvé.")

        with pytest.raises(replies.Stale) as stale:
            compose(conversation, ana, words, seen=seen)

        assert stale.value.changes.received == [late]
        assert compose(conversation, ana, words, seen=Seen.of(conversation))

    def test_a_colleagues_queued_reply_is_shown(self, conversation, ana, pharmacist, words):
        seen = Seen.of(conversation)
        theirs = compose(conversation, pharmacist, words, seen=seen)

        with pytest.raises(replies.Stale) as stale:
            compose(conversation, ana, words, seen=seen)

        assert stale.value.changes.queued == [theirs]

    def test_an_answer_typed_on_the_platform_is_shown(self, conversation, ana, words):
        seen = Seen.of(conversation)
        native = make_message(conversation, at=NOON + MINUTE, direction="out", source="native", text="C’est réglé.")

        with pytest.raises(replies.Stale) as stale:
            compose(conversation, ana, words, seen=seen)

        assert stale.value.changes.answered == [native]

    def test_an_edit_is_shown(self, conversation, ana, words):
        seen = Seen.of(conversation)
        Message.objects.filter(conversation=conversation).update(text="Êtes-vous ouverts mardi?", edited_at=NOON + MINUTE)

        with pytest.raises(replies.Stale):
            compose(conversation, ana, words, seen=seen)

    def test_ones_own_reply_is_no_news(self, conversation, ana, words):
        seen = Seen.of(conversation)
        reply = compose(conversation, ana, words, seen=seen)
        reply.message = make_message(conversation, at=NOON + TEN, direction="out", source="comptoir", text=reply.text)
        reply.save()

        assert compose(conversation, ana, words, seen=seen, now=NOON + MINUTE)

    def test_what_was_seen_survives_its_way_through_a_form(self, conversation):
        seen = Seen.of(conversation)

        assert Seen.read(str(seen)) == seen
        assert Seen.read("nonsense") is None


class TestUndo:
    def test_undo_takes_it_back_and_gives_the_words_back(self, conversation, ana, words, version):
        reply = compose(conversation, ana, words)

        assert replies.undo(reply, by=ana, now=NOON + SECOND)
        draft = ReplyDraft.objects.get(conversation=conversation, membership=ana)
        assert (draft.version, draft.fields["answer"], draft.mode) == (version, "oui, jusqu’à 21 h.", "public")

    def test_undo_after_a_worker_claimed_it_is_refused(self, conversation, ana, words):
        reply = compose(conversation, ana, words)
        Reply.objects.filter(pk=reply.pk).update(state="sending", claimed_at=NOON + TEN)

        assert not replies.undo(reply, by=ana, now=NOON + TEN)
        assert not ReplyDraft.objects.exists()

    def test_sending_uses_up_the_draft(self, conversation, ana, words, version):
        replies.save_draft(
            conversation, by=ana, now=NOON, version=version, language="fr", mode="public", fields={"answer": "oui"}
        )

        compose(conversation, ana, words)

        assert not ReplyDraft.objects.exists()

    def test_composing_and_taking_back_are_in_the_audit_trail(self, conversation, ana, words):
        replies.undo(compose(conversation, ana, words), by=ana, now=NOON + SECOND)

        entries = AuditEntry.objects.filter(subject_type="responses.reply").order_by("pk")
        assert [(entry.action, entry.actor) for entry in entries] == [("reply.composed", ana), ("reply.undone", ana)]


def test_every_reason_a_platform_gives_has_words_and_advice():
    from inbox.platforms.base import Reason
    from responses.sending import reasons

    for reason in Reason:
        explanation = reasons.EXPLANATIONS[reason]
        assert str(explanation.what)
        assert str(explanation.advice)


def test_what_is_shown_of_the_replies_is_what_is_not_settled(conversation, ana, words):
    reply = compose(conversation, ana, words)
    assert replies.under_way(conversation, now=NOON) == [reply]

    Reply.objects.filter(pk=reply.pk).update(state="failed", error_code="gone")
    assert replies.under_way(conversation, now=NOON + HOUR) == [reply]

    other = compose(conversation, ana, words, now=NOON + HOUR)
    assert replies.under_way(conversation, now=NOON + HOUR) == [other]
