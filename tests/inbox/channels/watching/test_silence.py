import pytest

from accounts.access import Role
from inbox.channels.watching import silence
from inbox.models import Channel, Notice, Trouble
from inbox.platforms.base import Difference
from tests.factories import DAY, HOUR, MINUTE, NOON, make_channel, make_conversation, make_member, make_message

pytestmark = pytest.mark.django_db
WEEK = 7 * DAY


@pytest.fixture
def busy(page):
    """Heard of in every hour of the last four weeks, until noon."""
    Channel.objects.filter(pk=page.pk).update(last_event_at=NOON)
    page.refresh_from_db()
    talk = make_conversation(page)
    for number in range(28 * 24):
        make_message(talk, at=NOON - number * HOUR, settle=False, external_id=f"m{number}")
    return page


def troubles():
    return [(row.kind, row.since, row.ended_at) for row in Trouble.objects.order_by("pk")]


def test_a_page_that_is_unusually_silent_is_told_once_and_looked_at_at_once(busy, shelf):
    manager = make_member(busy.organization, Role.MANAGER)

    assert silence.listen(now=NOON + 4 * HOUR) == 0
    assert silence.listen(now=NOON + 5 * HOUR) == 1
    assert silence.listen(now=NOON + 6 * HOUR) == 0

    assert troubles() == [("silent", NOON, None)]
    notice = Notice.objects.get()
    assert (notice.membership, notice.kind, notice.mail_at) == (manager, "silent", None)
    busy.refresh_from_db()
    assert (busy.check_at, busy.list_at) == (NOON + 5 * HOUR, NOON + 5 * HOUR)


def test_a_silence_is_over_when_the_page_is_heard_again_and_the_next_one_is_told_anew(busy, shelf):
    silence.listen(now=NOON + 5 * HOUR)
    heard = NOON + 5 * HOUR + MINUTE
    Channel.objects.update(last_event_at=heard)
    silence.listen(now=heard + MINUTE)
    silence.listen(now=heard + 6 * HOUR)

    assert troubles() == [("silent", NOON, heard), ("silent", heard, None)]


def test_quiet_pages_pages_that_are_looked_at_and_disconnected_ones_raise_no_alarm(busy, shelf):
    make_channel(external_id="quiet", last_event_at=NOON - DAY)
    make_channel(external_id="new", last_event_at=None)
    shelf.tells_of = set(Difference) - {Difference.MISSING}
    assert silence.listen(now=NOON + DAY) == 0
    shelf.tells_of = set(Difference)
    Channel.objects.filter(pk=busy.pk).update(disconnected_at=NOON)

    assert silence.listen(now=NOON + DAY) == 0


def test_a_rhythm_is_not_made_of_history(busy, shelf):
    busy.conversations.get().messages.update(historic=True)

    assert silence.listen(now=NOON + DAY) == 0


@pytest.fixture
def unheard(page):
    """Connected at noon, and no webhook of it ever came: what was written to it was found in its list."""
    Channel.objects.filter(pk=page.pk).update(connected_at=NOON, last_event_at=None)
    page.refresh_from_db()
    return page


def test_a_page_that_was_never_heard_and_was_written_to_is_told_once_a_day_after_it_was_connected(unheard, shelf):
    make_message(make_conversation(unheard), at=NOON + HOUR)

    assert silence.listen(now=NOON + DAY - MINUTE) == 0
    assert silence.listen(now=NOON + DAY) == 1
    assert silence.listen(now=NOON + DAY + HOUR) == 0

    assert troubles() == [("silent", NOON, None)]


def test_the_silence_of_a_page_that_was_never_heard_ends_with_its_first_event(unheard, shelf):
    make_message(make_conversation(unheard), at=NOON + HOUR)
    silence.listen(now=NOON + DAY)
    Channel.objects.update(last_event_at=NOON + DAY + HOUR)

    silence.listen(now=NOON + DAY + 2 * HOUR)

    assert troubles() == [("silent", NOON, NOON + DAY + HOUR)]


def test_a_page_that_was_never_heard_raises_no_alarm_by_what_is_older_just_written_or_never_told(unheard, shelf):
    talk = make_conversation(unheard)
    make_message(talk, at=NOON - HOUR, historic=True)
    make_message(talk, at=NOON + 2 * DAY - HOUR)
    assert silence.listen(now=NOON + 2 * DAY) == 0

    shelf.tells_of = set(Difference) - {Difference.MISSING}

    assert silence.listen(now=NOON + 3 * DAY) == 0
