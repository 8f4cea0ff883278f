from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from inbox.channels import troubles
from inbox.channels.watching import health
from inbox.models import Channel, Delivery, Gap, Trouble, UnhandledEvent
from inbox.platforms.base import Reason
from responses.models import Reply
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    make_channel,
    make_conversation,
    make_location,
    make_member,
    make_message,
    make_post,
    make_waiting,
)
from tests.inbox.wire import take_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(place):
    return make_channel(place, name="Vieux-Quai sur Facebook")


@pytest.fixture
def manager(place):
    return make_member(place.organization, Role.MANAGER, locations=[place])


@pytest.fixture
def shown(sign_in, manager, page):
    def show():
        return sign_in(manager).get(page.get_absolute_url()).content.decode()

    return show


def gap(page, external_id="900111_1", cause="dropped", found_at=None, **fields):
    at = found_at or timezone.now() - HOUR
    return Gap.objects.create(
        channel=page, external_id=external_id, kind="missing", change="x", posted_at=at, found_at=at, cause=cause, **fields
    )


# --- figures ----------------------------------------------------------------------------------------------


def lag(page, days=1):
    found = health.lag(page, days, now=NOON)
    return found.count, found.median, found.p95


def test_the_lag_is_the_median_and_the_95th_percentile_from_written_to_visible(page):
    talk = make_conversation(page)
    for seconds in range(1, 101):
        at = NOON - HOUR
        seen = at + timedelta(seconds=seconds)
        make_message(talk, at=at, received_at=at, visible_at=seen, settle=False, external_id=f"m{seconds}")
    make_message(talk, at=NOON - 2 * DAY, received_at=NOON, visible_at=NOON, settle=False, external_id="late")
    make_message(talk, at=NOON - HOUR, visible_at=NOON, settle=False, external_id="ours", direction="out")
    make_message(talk, at=NOON - HOUR, visible_at=NOON, settle=False, external_id="old", historic=True)

    assert lag(page) == (100, timedelta(seconds=50.5), timedelta(seconds=95.05))
    assert lag(page, 7)[0] == 101


def test_without_messages_there_is_no_lag(page):
    assert lag(page) == (0, None, None)


# --- the page ---------------------------------------------------------------------------------------------


def test_a_page_that_is_well_says_so(shown):
    assert "Everything is fine" in shown()


def test_of_a_platform_that_sends_nothing_it_is_said_that_we_look(sign_in, manager, place):
    site = sign_in(manager).get(make_channel(place, "youtube").get_absolute_url()).content.decode()
    page = sign_in(manager).get(make_channel(place, "facebook").get_absolute_url()).content.decode()

    assert "none, Comptoir looks" in site
    assert "none, Comptoir looks" not in page


def test_a_dead_token_is_explained_with_what_to_do(shown, page):
    Trouble.objects.create(
        channel=page, kind="token_dead", since=timezone.now() - HOUR, found_at=timezone.now(), detail="Session has expired"
    )

    text = shown()

    assert "This page does not work" in text
    assert "The platform no longer accepts the access token." in text
    assert "Session has expired" in text
    assert "Give the page a new token" in text


def test_gaps_are_told_with_their_cause_and_lead_to_what_was_brought_in(shown, page):
    message = make_message(make_conversation(page))
    gap(page, message.external_id, "unsubscribed")
    gap(page, "900111_9", "dropped")

    text = shown()

    assert "the platform did not send us the webhooks of this page at that time" in text
    assert message.conversation.get_absolute_url() in text
    assert "not yet here" in text


def test_history_is_counted_and_not_listed_and_old_gaps_are_gone(shown, page):
    gap(page, "900111_1", "history")
    gap(page, "900111_2", "dropped", found_at=timezone.now() - 31 * DAY)

    text = shown()

    assert "1 · written before the page was connected" in text
    assert "no webhook came" not in text


def test_outages_of_the_page_and_of_our_own_stand_in_its_history(shown, page):
    now = timezone.now()
    Channel.objects.update(connected_at=now - 30 * DAY)
    Trouble.objects.create(kind="down", since=now - 2 * DAY, found_at=now, ended_at=now - 2 * DAY + 90 * MINUTE)
    Trouble.objects.create(
        channel=page, kind="unsubscribed", since=now - DAY, found_at=now, ended_at=now - DAY + HOUR, ending="resubscribed"
    )

    text = shown()

    assert "Comptoir did not run" in text
    assert "1 h 30" in text
    assert "We asked for the webhooks again." in text


def test_what_did_not_arrive_is_counted(shown, page, ana):
    now = timezone.now()
    delivery = Delivery.objects.keep("meta", b"{}", now=now)
    Delivery.objects.update(processed_at=now, outcome="failed", channel_ids=[page.pk])
    UnhandledEvent.objects.create(delivery=delivery, number=0, channel=page, reason="unrecognised", received_at=now)
    talk = make_conversation(page)
    for state in ("failed", "uncertain", "uncertain"):
        Reply.objects.create(conversation=talk, author=ana, kind="comment", text="x", created_at=now, send_at=now, state=state)

    found = health.counted([page.pk], now=now)[page.pk]

    assert (found.failed, found.set_aside) == (1, 1)
    text = shown()
    assert "1 delivery could not be taken in." in text
    assert "<dt>Replies nobody is sure of</dt><dd>2</dd>" in text
    assert "<dt>Replies that reached nobody, last 30 days</dt><dd>1</dd>" in text


def test_only_who_manages_pages_is_offered_to_change_them(shown, page, sign_in, place):
    reconnect = reverse("channels:reconnect", args=[page.pk])
    assert reconnect not in shown()

    admin = make_member(place.organization, Role.ADMIN)
    assert reconnect in sign_in(admin).get(page.get_absolute_url()).content.decode()


def test_checking_now_asks_the_platform_and_has_the_page_compared(sign_in, manager, fresh, settings, place):
    settings.META_GRAPH_URL = fresh.url
    channel = make_channel(place, external_id="100200300400501", token="dev-token-fb-vieux-quai", list_at=timezone.now() + DAY)

    sign_in(manager).post(reverse("channels:check", args=[channel.pk]))

    channel.refresh_from_db()
    assert channel.checked_at
    assert channel.list_at <= timezone.now()


# --- the list ---------------------------------------------------------------------------------------------


def test_the_list_says_of_each_page_how_it_does(sign_in, manager, page, place):
    broken = make_channel(place, name="Vieux-Quai sur Instagram", platform="instagram")
    Trouble.objects.create(channel=broken, kind="token_dead", since=NOON, found_at=NOON)
    elsewhere = make_channel(make_location(place.organization), name="Une autre page")

    text = sign_in(manager).get(reverse("channels:list")).content.decode()

    assert "Everything is fine" in text
    assert "The platform no longer accepts the access token." in text
    assert elsewhere.name not in text


def test_a_longer_list_takes_no_more_queries(sign_in, manager, page, place):
    client = sign_in(manager)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("channels:list"))
        return len(captured)

    one = queries()
    for number in range(5):
        channel = make_channel(place)
        Trouble.objects.create(channel=channel, kind="silent", since=NOON, found_at=NOON)
        gap(channel, f"900111_{number}")

    assert queries() <= one + 1  # a page of two platforms and of one are asked the same


def test_notices_of_a_page_lead_to_it(sign_in, manager, page):
    troubles.begin(page, Trouble.Kind.TOKEN_DEAD, since=NOON, now=NOON + SECOND)
    client = sign_in(manager)

    listed = client.get(reverse("inbox:notices")).content.decode()
    notice = manager.notices.get()
    answer = client.post(reverse("inbox:notice", args=[notice.pk]))

    assert page.name in listed
    assert answer.headers["Location"] == page.get_absolute_url()
    notice.refresh_from_db()
    assert notice.read_at


def test_the_private_replies_of_the_last_hour_are_counted_beside_how_many_it_takes(sign_in, manager, place):
    account, now = make_channel(place, "instagram"), timezone.now()
    talk, live = make_conversation(account), make_conversation(account, post=make_post(account, kind="live"))
    for conversation, ago, private in [
        *[(talk, MINUTE, True), (talk, 59 * MINUTE, True), (talk, 61 * MINUTE, True)],
        *[(talk, MINUTE, False), (live, MINUTE, True)],
    ]:
        make_message(conversation, at=now - ago, direction="out", private=private, settle=False)

    text = sign_in(manager).get(account.get_absolute_url()).content.decode()

    assert "2 of 750, last hour" in text
    site = sign_in(manager).get(make_channel(place, "linkedin").get_absolute_url()).content.decode()
    assert "Private replies" not in site


# --- in the inbox -----------------------------------------------------------------------------------------


def test_a_broken_page_shows_above_the_list_and_on_its_rows(sign_in, manager, ana, page, place):
    make_waiting(page, at=timezone.now())
    calm = sign_in(ana).get(reverse("inbox:list")).content.decode()
    troubles.block(page, Reason.TOKEN_DEAD, since=NOON, now=NOON)
    troubles.block(make_channel(name="La page d’ailleurs"), Reason.TOKEN_DEAD, since=NOON, now=NOON)

    staff = sign_in(ana).get(reverse("inbox:list")).content.decode()

    for sign in ("The platform no longer accepts the access token.", "replies cannot be sent from this page"):
        assert sign not in calm
        assert sign in staff
    assert "La page d’ailleurs" not in staff
    assert page.get_absolute_url() not in staff
    assert page.get_absolute_url() in sign_in(manager).get(reverse("inbox:list")).content.decode()


def test_a_command_says_how_each_page_does(page):
    troubles.block(page, Reason.TOKEN_DEAD, since=NOON, now=NOON)
    said = StringIO()

    call_command("channels", "health", stdout=said)

    assert "This page does not work" in said.getvalue()
    assert "The platform no longer accepts the access token." in said.getvalue()


def test_a_command_checks_and_compares(fresh, settings, place):
    settings.META_GRAPH_URL = fresh.url
    channel = make_channel(place, external_id="100200300400501", token="dev-token-fb-vieux-quai")
    said = StringIO()

    for action in ("check", "list"):
        call_command("channels", action, "--page", channel.external_id, stdout=said)

    channel.refresh_from_db()
    assert channel.checked_at
    assert channel.listed_at
    assert "answered" in said.getvalue()
    assert "brought in" in said.getvalue()


def test_what_nobody_can_read_and_names_no_page_is_counted_for_who_operates_it_all(sign_in, place):
    take_in(b'{"object":"page","entry":[{"id":"999","changes":[{"field":"feed","value":7}]},null]}', at=NOON)
    desk, found = sign_in(make_member(place.organization, Role.ADMIN)), f"/{Delivery.objects.get().pk}/"

    assert "2 parts of what platforms sent could not be read" in desk.get(reverse("channels:list")).content.decode()
    assert found in desk.get(reverse("channels:deliveries")).content.decode()

    make_location()  # of another organization: whose it is, nobody knows
    assert "could not be read" not in desk.get(reverse("channels:list")).content.decode()
    assert found not in desk.get(reverse("channels:deliveries")).content.decode()
