"""A receiver whose address names the channel: its own secrets, and events that are its own whatever they say."""

import json

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from inbox import intake
from inbox.channels.joining import shared_secrets
from inbox.channels.watching import checks
from inbox.models import Channel, Conversation, Delivery, Message, RejectedCount
from tests.factories import HOUR, MINUTE, SECOND, make_channel, make_location
from tests.inbox.platforms import server
from tests.inbox.platforms.contract import body_of
from tests.inbox.wire import post, sign_website

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(place) -> Channel:
    return make_channel(place, "website", external_id="a1b2c3", token="new-secret,old-secret")


@pytest.fixture
def platform():
    with server.running() as running:
        yield running


@pytest.fixture
def send(client):
    """send(channel, body) posts it, signed now with `secret`."""

    def signed(channel, body, *, secret="new-secret", at=None, path=""):
        path = path or reverse("receive_for", args=["website", channel.external_id])
        return post(client, body, sign_website(body, secret, at or timezone.now()), path)

    return signed


@pytest.fixture
def body() -> bytes:
    return body_of("website", "comment_created")


@pytest.mark.parametrize("secret", ["new-secret", "old-secret"])
def test_either_of_its_two_secrets_is_believed(send, site, body, secret):
    assert send(site, body, secret=secret) == 200

    assert Delivery.objects.get().endpoint == "website/a1b2c3"


def test_a_comment_arrives_in_the_inbox(send, site, body):
    send(site, body)
    intake.drain(now=timezone.now())

    message = Message.objects.select_related("conversation__contact", "conversation__post").get()
    assert (message.channel, message.text, message.moderation) == (site, "Très utile !", "pending")
    assert message.conversation.contact_name == "Julie T."
    assert message.conversation.post.text == "Le vaccin contre la grippe"
    site.refresh_from_db()
    assert site.last_event_at is not None


def test_the_secret_of_another_site_proves_nothing_here(send, site, body):
    make_channel(site.location, "website", external_id="d4e5f6", token="their-secret")

    assert send(site, body, secret="their-secret") == 401
    assert not Delivery.objects.exists()
    assert RejectedCount.objects.get().endpoint == "website"


def test_a_site_that_names_another_speaks_for_itself_alone(send, site, place):
    other = make_channel(make_location(), "website", external_id="d4e5f6", token="their-secret")
    body = body_of("website", "comment_created").replace(b'"event"', b'"channel_id":"d4e5f6","event"')

    send(site, body)
    intake.drain(now=timezone.now())

    assert Conversation.objects.get().channel == site
    assert not other.conversations.exists()


def test_the_same_body_from_two_sites_is_two_comments(send, site, body):
    other = make_channel(make_location(), "website", external_id="d4e5f6", token="their-secret")

    assert [send(site, body), send(other, body, secret="their-secret")] == [200, 200]
    assert Delivery.objects.count() == 2


def test_the_same_body_again_is_stored_once(send, site, body):
    now = timezone.now()

    assert [send(site, body, at=now), send(site, body, at=now - MINUTE)] == [200, 200]
    assert Delivery.objects.count() == 1


def test_what_was_signed_long_ago_is_a_replay(send, site, body):
    assert send(site, body, at=timezone.now() - 6 * MINUTE) == 401


@pytest.mark.parametrize(
    "address", ["website/", "website/unknown/", "meta/a1b2c3/", "website/a1b2c3/more/", "website/a1b2c3%00/"]
)
def test_an_address_where_nobody_listens_is_not_found(send, site, body, address):
    assert send(site, body, path=f"/hooks/{address}") == 404
    assert not Delivery.objects.exists()


def test_a_channel_of_another_platform_does_not_listen_there(send, place, body):
    make_channel(place, "facebook", external_id="a1b2c3", token="new-secret")

    assert send(None, body, path="/hooks/website/a1b2c3/") == 404


def test_a_site_that_was_disconnected_is_not_heard(send, site, body):
    Channel.objects.filter(pk=site.pk).update(disconnected_at=timezone.now(), sealed_token=b"")

    assert send(site, body) == 404


def test_a_secret_that_no_key_opens_is_a_fault_of_ours(send, site, body):
    Channel.objects.filter(pk=site.pk).update(sealed_token=b"not sealed by us")

    assert send(site, body) == 503


def test_a_greeting_makes_no_conversation_and_shows_that_the_site_is_there(send, site):
    assert send(site, b'{"event":"ping"}') == 200
    intake.drain(now=timezone.now())

    site.refresh_from_db()
    assert site.last_event_at is not None
    assert not Conversation.objects.exists()
    assert Delivery.objects.get().outcome == Delivery.Outcome.DONE


def test_a_site_is_asked_whether_it_knows_our_secret_once_it_has_greeted_us(send, site, platform, settings):
    settings.PRIVATE_ORIGINS = [platform.url]
    site.settings = {"site": "https://blog.example", "callback_url": platform.url}
    site.check_at, site.problem = timezone.now() + HOUR, "token_dead"
    site.save()

    send(site, b'{"event":"ping"}')
    intake.drain(now=timezone.now())
    assert checks.check(site.pk, now=timezone.now() + SECOND)

    site.refresh_from_db()
    assert site.problem == ""
    assert platform.asked[0].json["event"] == "ping"


def test_a_site_that_is_well_is_not_asked_more_often_however_it_greets(send, site):
    later = timezone.now() + HOUR
    Channel.objects.filter(pk=site.pk).update(check_at=later, checked_at=timezone.now())

    send(site, b'{"event":"ping"}')
    intake.drain(now=timezone.now())

    site.refresh_from_db()
    assert site.check_at == later


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_say_whose_it_is_answers_503(send, site, body):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inbox_channel RENAME TO inbox_channel_gone")
    try:
        assert send(site, body) == 503
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE inbox_channel_gone RENAME TO inbox_channel")


# --- changing the secret -----------------------------------------------------------------------------


def test_a_new_secret_is_valid_beside_the_one_in_use(send, site, ana, body):
    shared_secrets.renew(site, by=ana, now=timezone.now())

    site.refresh_from_db()
    newest = shared_secrets.newest(site)
    assert newest not in {"new-secret", "old-secret"}
    assert [send(site, body, secret=secret) for secret in (newest, "new-secret", "old-secret")] == [200, 200, 401]


def test_the_older_secret_can_be_forgotten_at_once(send, site, ana, body):
    shared_secrets.forget_older(site, by=ana, now=timezone.now())

    assert [send(site, body, secret=secret) for secret in ("new-secret", "old-secret")] == [200, 401]


# --- what a site tells, in any order -------------------------------------------------------------------


ORDERS = [
    ["comment_created", "comment_updated", "comment_approved"],
    ["comment_updated", "comment_approved", "comment_created"],
    ["comment_approved", "comment_created", "comment_updated"],
    ["comment_updated", "comment_created", "comment_approved", "comment_created"],
]


@pytest.mark.parametrize("order", ORDERS)
def test_a_comment_that_was_edited_and_approved_is_so_in_whatever_order_it_is_told(send, site, order):
    for name in order:
        send(site, body_of("website", name))
        intake.drain(now=timezone.now())

    message = Message.objects.select_related("conversation").get()
    assert (message.text, message.moderation) == ("Très, très utile !", "approved")
    assert not message.conversation.unpublished


def test_what_the_site_approves_a_second_time_is_approved(send, site):
    told = json.loads(body_of("website", "comment_approved"))
    for state in ("approved", "trash", "approved"):
        body = told | {"at": timezone.now().isoformat(), "comment": told["comment"] | {"status": state}}
        assert send(site, json.dumps(body).encode()) == 200
        intake.drain(now=timezone.now())

    assert Message.objects.get().moderation == "approved"


def test_what_the_site_itself_answers_ends_the_wait(send, site):
    for name in ("comment_created_own", "comment_created"):
        send(site, body_of("website", name))
        intake.drain(now=timezone.now())

    conversation = Conversation.objects.get()
    assert conversation.due_at is None
    assert conversation.messages.count() == 2
