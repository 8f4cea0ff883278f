"""A person who wrote on a site is forgotten: what the site told or listed of them goes out of the stored bodies as well."""

import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from inbox import intake
from inbox.keeping import erasure
from inbox.models import Contact, Delivery, Message
from inbox.platforms import listings
from inbox.platforms.listings import Difference, Found
from tests.factories import HOUR, NOON, make_channel, make_waiting
from tests.inbox.wire import messenger, take_in
from tests.responses.queueing import queue

pytestmark = pytest.mark.django_db
SITE = "https://blog.example"


def said(number, name="Julie Éxemple", words="Ma carte est perdue", **more):
    base = {"id": number, "post": 55, "status": "approved", "date_gmt": "2026-11-23T10:40:00", "author_name": name}
    return base | {"content": {"raw": words}} | more


@pytest.fixture(params=["website", "wordpress"])
def site(request, place):
    """keep(event, comment) stores what the site's webhook told, or what was listed of it."""
    identified = {"website": "a1b2c3", "wordpress": SITE}[request.param]
    channel = make_channel(place, request.param, external_id=identified, connected_at=NOON - 2000 * HOUR)

    def keep(event, comment, at=NOON, **options):
        if request.param == "website":
            body = json.dumps({"event": event, "site": SITE, "at": at.isoformat(), "comment": comment}, **options).encode()
            Delivery.objects.store("website/a1b2c3", body, signed_by="sha256", now=at)
        else:
            difference = Difference.EDITED if event == "comment.updated" else Difference.MISSING
            found = Found(difference=difference, external_id=str(comment["id"]), seen_at=at, item=comment)
            Delivery.objects.keep(listings.ENDPOINT, listings.differences_of("wordpress", SITE, [found]), now=at)
        intake.drain(now=at)
        return Delivery.objects.order_by("-pk")[0]

    channel.keep = keep
    return channel


def forget(name="Julie Éxemple"):
    erasure.forget(Contact.objects.get(name=name), now=NOON + HOUR)


def bodies():
    return b" ".join(bytes(each.body) for each in Delivery.objects.all())


def test_their_words_and_their_name_go_and_those_of_others_stay(site):
    first = site.keep("comment.created", said(812))
    edited = site.keep("comment.updated", said(812, words="Ma carte est retrouvée"))
    other = site.keep("comment.created", said(813, name="Marc Fictif", words="Êtes-vous ouverts?"))

    forget()

    for delivery in (first, edited):
        delivery.refresh_from_db()
        assert (bytes(delivery.body), delivery.erased_at) == (b"", NOON + HOUR)
    other.refresh_from_db()
    assert other.erased_at is None
    assert b"ouverts" in bodies()
    assert set(Message.objects.values_list("text", flat=True)) == {"", "Êtes-vous ouverts?"}


def test_what_we_said_to_them_by_name_goes_out_of_the_bodies_too(site):
    site.keep("comment.created", said(812))
    ours = site.keep("comment.created", said(814, name="Pharmacie", words="Bonjour Julie", own=True, parent=812))

    forget()

    ours.refresh_from_db()
    assert bytes(ours.body) == b""


@pytest.mark.parametrize("escaped", [True, False])
def test_where_somebody_else_calls_them_by_name(site, escaped):
    site.keep("comment.created", said(812))
    other = site.keep("comment.created", said(815, name="Marc Fictif", words="Merci Julie Éxemple!"), ensure_ascii=escaped)

    forget()

    other.refresh_from_db()
    assert bytes(other.body) == b""


@pytest.mark.parametrize("site", ["website"], indirect=True)
def test_what_arrives_again_afterwards_brings_nothing_back(site):
    site.keep("comment.created", said(812))
    forget()

    assert site.keep("comment.created", said(812)).erased_at
    assert Message.objects.get().text == ""


def test_a_body_that_cannot_be_read_keeps_nobody_from_being_forgotten(site):
    site.keep("comment.created", said(812))
    broken = site.keep("comment.created", said(816, name="Marc Fictif"))
    Delivery.objects.filter(pk=broken.pk).update(body=b"[" * 5000)

    forget()

    assert not Contact.objects.filter(name="Julie Éxemple").exists()


def test_who_asks_us_is_forgotten_by_a_command_and_that_is_kept(site):
    first = site.keep("comment.created", said(812))
    conversation = Message.objects.get().conversation

    call_command("forget", conversation.pk)

    first.refresh_from_db()
    assert bytes(first.body) == b""
    entry = AuditEntry.objects.get(action="contact.forgotten")
    assert (entry.subject_id, entry.detail) == (site.pk, {"messages": 1})


def test_what_a_platform_calls_them_goes_out_of_its_bodies(place):
    page = make_channel(place, "facebook", external_id="100200300400500")
    take_in(messenger(page, "m_1", NOON, text="Bonjour"), at=NOON)

    call_command("forget", Message.objects.get().conversation_id)

    assert bytes(Delivery.objects.get().body) == b""


def test_while_an_answer_is_on_its_way_nobody_is_forgotten(place, ana):
    with pytest.raises(CommandError, match="no such conversation"):
        call_command("forget", 0)
    conversation = make_waiting(make_channel(place))
    queue(conversation, ana)

    with pytest.raises(CommandError, match="on its way"):
        call_command("forget", conversation.pk)
    assert Message.objects.filter(conversation=conversation).exclude(text="").exists()
