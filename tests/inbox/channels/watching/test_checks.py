from datetime import timedelta

import pytest

from accounts.access import Role
from accounts.models import AuditEntry
from inbox import channels, intake
from inbox.channels import troubles as troubles_of_page
from inbox.channels.gaps import reconciliation
from inbox.channels.watching import checks
from inbox.models import Channel, Gap, Notice, Trouble
from inbox.platforms.base import AccessChanged, Health, Reason, SendNotReached, SendRefused
from tests.factories import DAY, HOUR, MINUTE, NOON, make_location, make_member
from tests.inbox.wire import feed, take_in

pytestmark = pytest.mark.django_db
QUARTER = timedelta(minutes=15)


@pytest.fixture
def page(page):
    """Checked before, and well."""
    Channel.objects.filter(pk=page.pk).update(checked_at=NOON - QUARTER, subscribed=True)
    page.refresh_from_db()
    return page


@pytest.fixture
def manager(page):
    return make_member(page.organization, Role.MANAGER, locations=[page.location])


def check(page, at=NOON):
    Channel.objects.filter(pk=page.pk).update(check_at=at)
    answered = checks.check(page.pk, now=at)
    page.refresh_from_db()
    return answered


def troubles():
    return [(row.kind, row.since, row.ended_at, row.ending) for row in Trouble.objects.order_by("pk")]


def told():
    return list(Notice.objects.order_by("pk").values_list("kind", flat=True))


# --- what the platform says -----------------------------------------------------------------------------


def test_what_the_platform_says_is_kept_and_asked_for_again_after_a_quarter_of_an_hour(page, shelf):
    shelf.health = Health(token_expires_at=NOON + 60 * DAY, access_expires_at=NOON + 90 * DAY, subscribed=True, quota_used=12)

    assert check(page)

    assert (page.token_expires_at, page.access_expires_at) == (NOON + 60 * DAY, NOON + 90 * DAY)
    assert (page.subscribed, page.quota_used, page.checked_at, page.check_at) == (True, 12, NOON, NOON + QUARTER)
    assert not Trouble.objects.exists()


def test_what_the_platform_does_not_say_is_left_as_it_was_known(page, shelf):
    Channel.objects.filter(pk=page.pk).update(token_expires_at=NOON + 50 * DAY)

    check(page)

    assert (page.token_expires_at, page.subscribed) == (NOON + 50 * DAY, True)


def test_a_page_is_checked_once_however_many_lanes_there_are(page, shelf):
    Channel.objects.filter(pk=page.pk).update(check_at=NOON)

    assert checks.check(page.pk, now=NOON)
    assert not checks.check(page.pk, now=NOON)


@pytest.mark.parametrize("blocked", [{"disconnected_at": NOON}, {"throttled_until": NOON + MINUTE}])
def test_a_page_that_may_not_be_called_is_not(page, shelf, blocked):
    Channel.objects.filter(pk=page.pk).update(**blocked)

    assert not check(page)


# --- tokens ---------------------------------------------------------------------------------------------


def test_an_expired_token_is_noticed_explained_and_blocks_sending(page, shelf, manager):
    shelf.problem = SendRefused(Reason.TOKEN_DEAD, "Error validating access token: session of +1 514 555-0177 has expired")

    assert not check(page)

    assert page.problem == "token_dead"
    assert troubles() == [("token_dead", NOON - QUARTER, None, "")]
    assert "555-0177" not in Trouble.objects.get().detail
    notice = Notice.objects.get(membership=manager)
    assert (notice.kind, notice.channel, notice.mail_at) == ("token_dead", page, NOON)


def test_a_dead_token_is_told_once_and_again_only_after_it_had_lived(page, shelf, manager):
    dead = SendRefused(Reason.TOKEN_DEAD, "dead")
    for number, problem in enumerate([dead, dead, None, dead]):
        shelf.problem = problem
        check(page, NOON + number * HOUR)

    assert told() == ["token_dead", "token_dead"]
    assert [row[2] for row in troubles()] == [NOON + 2 * HOUR, None]


def test_a_token_that_no_key_opens_is_a_dead_one(page, shelf):
    Channel.objects.filter(pk=page.pk).update(sealed_token=b"not ours")

    check(page)

    assert page.problem == "token_dead"


def test_what_arrives_while_the_token_is_dead_is_explained_by_it(page, shelf):
    shelf.problem = SendRefused(Reason.TOKEN_DEAD, "dead")
    check(page, NOON)
    shelf.problem = None
    check(page, NOON + HOUR)
    shelf.put("1", NOON + 30 * MINUTE)
    Channel.objects.filter(pk=page.pk).update(list_at=None)
    reconciliation.compare(page.pk, now=NOON + 2 * HOUR)

    assert Gap.objects.get().cause == "token_dead"


def test_a_token_is_renewed_before_anybody_is_warned_and_at_most_once_a_day(page, shelf):
    shelf.health = Health(token_expires_at=NOON + 15 * DAY)
    shelf.renewed = ("a-new-token", NOON + 60 * DAY)

    check(page)
    assert (page.token, page.token_expires_at) == ("a-new-token", NOON + 60 * DAY)
    shelf.renewed = ("another", None)
    check(page, NOON + HOUR)
    check(page, NOON + DAY)

    assert page.token == "another"
    assert AuditEntry.objects.filter(action="channel.token_renewed").count() == 2


def test_a_token_that_lasts_is_left_alone(page, shelf):
    shelf.health = Health(token_expires_at=NOON + 15 * DAY + MINUTE)
    shelf.renewed = ("a-new-token", None)

    check(page)

    assert page.token != "a-new-token"


def test_a_renewal_that_is_refused_leaves_the_token_and_the_page_as_they_are(page, shelf):
    shelf.health, shelf.refusal = Health(token_expires_at=NOON + DAY), SendRefused(Reason.OTHER, "not yet")

    assert check(page)

    assert page.token.startswith("token-")
    assert not Trouble.objects.exists()


# --- subscriptions --------------------------------------------------------------------------------------


def test_a_removed_subscription_is_noticed_put_right_and_what_was_lost_meanwhile_is_looked_for(page, shelf, manager, settings):
    settings.PUBLIC_URL = "https://comptoir.example.com"
    shelf.health = Health(subscribed=False)

    check(page)

    assert shelf.subscriptions == ["https://comptoir.example.com/hooks/meta/"]
    assert (page.subscribed, page.list_at) == (True, NOON)
    assert troubles() == [("unsubscribed", NOON - QUARTER, NOON, "resubscribed")]
    assert told() == ["resubscribed"]
    assert AuditEntry.objects.get(action="channel.resubscribed").subject_id == page.pk


def test_what_was_written_while_unsubscribed_is_brought_in_with_that_cause(page, shelf):
    shelf.health = Health(subscribed=False)
    shelf.put("1", NOON - MINUTE)
    check(page)
    reconciliation.compare(page.pk, now=NOON + MINUTE)
    intake.drain(now=NOON + MINUTE)

    assert Gap.objects.get().cause == "unsubscribed"


def test_a_subscription_that_is_refused_stays_a_trouble_that_cannot_wait(page, shelf, manager):
    shelf.health, shelf.refusal = Health(subscribed=False), SendRefused(Reason.PERMISSION, "needs pages_manage_metadata")

    check(page)
    check(page, NOON + QUARTER)

    assert not page.subscribed
    assert troubles() == [("unsubscribed", NOON - QUARTER, None, "")]
    assert Trouble.objects.get().detail == "needs pages_manage_metadata"
    assert told() == ["unsubscribed"]
    assert Notice.objects.get().mail_at == NOON


def test_missing_kinds_of_webhooks_are_asked_for(page, shelf):
    shelf.health = Health(subscribed=True, missing_fields=("messages", "feed"))

    check(page)

    assert page.missing_fields == []
    assert troubles() == [("fields_missing", NOON - QUARTER, NOON, "resubscribed")]
    assert Trouble.objects.get().detail == "feed, messages"


def test_a_page_that_was_just_connected_is_subscribed_without_alarm(page, shelf, manager):
    Channel.objects.filter(pk=page.pk).update(checked_at=None, subscribed=None)
    shelf.health = Health(subscribed=False)

    check(page)

    assert page.subscribed
    assert not Trouble.objects.exists()
    assert not Notice.objects.exists()


def test_a_subscription_that_ends_soon_is_asked_for_again_once_a_day(page, shelf):
    shelf.health = Health(subscribed=True, subscription_expires_at=NOON + 7 * DAY)

    for at in (NOON, NOON + HOUR, NOON + DAY):
        check(page, at)

    assert len(shelf.subscriptions) == 2
    assert not Trouble.objects.exists()


# --- permissions ----------------------------------------------------------------------------------------


def test_a_missing_permission_is_told_and_is_over_when_it_is_granted(page, shelf, manager):
    shelf.health = Health(missing_permissions=("pages_messaging",))
    check(page)
    missing = page.missing_permissions
    shelf.health = Health()
    check(page, NOON + QUARTER)

    assert (missing, page.missing_permissions) == (["pages_messaging"], [])
    assert troubles() == [("permission", NOON - QUARTER, NOON + QUARTER, "")]
    assert told() == ["permission"]


def test_a_permission_that_a_webhook_says_is_gone_is_told_before_a_send_fails(page, shelf, manager):
    gone = AccessChanged(platform="facebook", channel_id=page.external_id, what="pages_messaging", granted=False)
    channels.access_changed(page, gone, at=NOON - MINUTE, now=NOON)

    assert troubles() == [("permission", NOON - MINUTE, None, "")]
    assert told() == ["permission"]
    page.refresh_from_db()
    assert page.check_at == NOON


def test_a_refusal_that_no_check_sees_is_over_when_somebody_asks_and_is_back_at_the_next(page, shelf, manager):
    troubles_of_page.block(page, Reason.PERMISSION, since=NOON, now=NOON)

    check(page, NOON + QUARTER)
    assert page.problem == "permission"  # of itself it would be told anew after each
    channels.check_now(page, now=NOON + HOUR)
    page.refresh_from_db()
    assert (page.problem, troubles()) == ("", [("permission", NOON, NOON + HOUR, "")])

    troubles_of_page.block(page, Reason.PERMISSION, since=NOON + 2 * HOUR, now=NOON + 2 * HOUR)
    page.refresh_from_db()
    assert (page.problem, told()) == ("permission", ["permission", "permission"])


def test_what_is_missing_stays_missing_whoever_asks(page, shelf):
    shelf.health = Health(missing_permissions=("pages_messaging",))
    troubles_of_page.block(page, Reason.PERMISSION, since=NOON, now=NOON)

    channels.check_now(page, now=NOON + HOUR)

    page.refresh_from_db()
    assert (page.problem, troubles()) == ("permission", [("permission", NOON, None, "")])


# --- when the platform cannot be asked -------------------------------------------------------------------


def test_a_platform_that_does_not_answer_is_asked_sooner_and_told_of_at_the_third_time(page, shelf, manager):
    shelf.problem = SendNotReached(Reason.OTHER, "ConnectTimeout")
    pauses = []
    for number in range(5):
        check(page, NOON + number * HOUR)
        pauses.append((page.check_at - NOON - number * HOUR) // MINUTE)

    assert pauses == [2, 4, 8, 15, 15]
    assert troubles() == [("unreachable", NOON - QUARTER, None, "")]
    assert told() == ["unreachable"]
    assert Notice.objects.get().mail_at is None
    shelf.problem = None
    check(page, NOON + 6 * HOUR)
    assert Trouble.objects.get().ended_at == NOON + 6 * HOUR


# --- who is told ----------------------------------------------------------------------------------------


def test_only_those_who_look_after_the_pages_of_that_location_are_told(page, shelf, manager):
    organization = page.organization
    admin = make_member(organization, Role.ADMIN)
    make_member(organization, Role.STAFF, locations=[page.location])
    make_member(organization, Role.MANAGER, locations=[make_location(organization)])
    make_member(make_location().organization, Role.ADMIN)
    shelf.problem = SendRefused(Reason.TOKEN_DEAD, "dead")

    check(page)

    assert {notice.membership for notice in Notice.objects.all()} == {manager, admin}


# --- connecting and parting -----------------------------------------------------------------------------


def test_a_new_token_ends_what_was_wrong_and_is_checked_at_once(page, shelf):
    shelf.problem = SendRefused(Reason.TOKEN_DEAD, "dead")
    check(page)
    later = NOON + HOUR
    channels.connect(page.location, "facebook", external_id=page.external_id, name="Page", token="new", by=None, now=later)
    page.refresh_from_db()

    assert (page.problem, page.check_at, page.list_at) == ("", later, later)
    assert troubles() == [("token_dead", NOON - QUARTER, later, "")]


def test_the_time_of_a_disconnected_page_is_kept_and_nobody_is_alarmed_by_what_was_done_by_hand(page, shelf, manager):
    channels.disconnect(page, by=manager, now=NOON)
    channels.connect(page.location, "facebook", external_id=page.external_id, name="P", token="new", by=None, now=NOON + HOUR)

    assert troubles() == [("disconnected", NOON, NOON + HOUR, "")]
    assert not Notice.objects.exists()


def test_a_comment_of_the_time_of_a_disconnection_is_brought_in_with_its_cause_and_its_clock(page, shelf, manager):
    channels.disconnect(page, by=manager, now=NOON)
    shelf.put("1", NOON + MINUTE)
    take_in(feed(page, "9", NOON - MINUTE, message="Avant"), at=NOON - MINUTE)
    shelf.put("9", NOON - MINUTE, "Avant")
    channels.connect(page.location, "facebook", external_id=page.external_id, name="P", token="new", by=None, now=NOON + HOUR)
    reconciliation.compare(page.pk, now=NOON + HOUR)
    intake.drain(now=NOON + HOUR)

    gap = Gap.objects.get(external_id="900111_1")
    assert gap.cause == "disconnected"
    assert page.conversations.get(thread_id="900111_1").due_at == NOON + MINUTE + DAY
