"""What else a person said to us: theirs alone, as far as its reader may see, and of nobody who is nobody any more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbox import crises, waits
from inbox.desk import history
from inbox.desk.places import token
from inbox.desk.queries import Filters
from inbox.intake import threads
from inbox.keeping import erasure
from inbox.models import Conversation, Finding
from inbox.platforms.base import ContactChanged
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    make_case,
    make_channel,
    make_contact,
    make_conversation,
    make_danger,
    make_finding,
    make_location,
    make_member,
    make_message,
    make_waiting,
)

pytestmark = pytest.mark.django_db

NUMBER = "ZORM 6253 1492"  # made up


@pytest.fixture
def page(place):
    return make_channel(place)


@pytest.fixture
def julie(page):
    return make_contact(page)


@pytest.fixture
def asked(page, julie):
    return make_waiting(page, contact=julie)


def told(conversation, by):
    found = history.of(Conversation.objects.select_related("contact").get(pk=conversation.pk), by=by, now=NOON)
    assert found is not None
    return found


def keys(found):
    return [other.conversation.pk for other in found.others]


def listed(member, contact, *, after="", **filters):
    found = history.page(member, Filters(contact=contact.pk, **filters), after=after)
    return [line.pk for line in found.lines]


def test_all_else_that_the_person_said_in_whatever_state_the_newest_first(page, julie, asked, ana):
    older = make_conversation(page, contact=julie, at=NOON - 3 * DAY)
    closed = make_conversation(page, contact=julie, at=NOON - 2 * DAY, closed_at=NOON - DAY, close_outcome="spam")
    waiting = make_waiting(page, contact=julie, at=NOON - HOUR)
    make_waiting(page)

    found = told(asked, ana)

    assert keys(found) == [waiting.pk, closed.pk, older.pk]
    assert [other.conversation.state for other in found.others] == ["waiting", "closed", "answered"]
    assert [bool(other.timer) for other in found.others] == [True, False, False]
    assert (found.count, found.since) == (3, NOON - 3 * DAY)
    assert listed(ana, julie) == [asked.pk, waiting.pk, closed.pk, older.pk]


def test_what_was_last_written_in_is_the_newest_however_long_ago_it_began(page, julie, asked, ana):
    comment = make_waiting(page, contact=julie, at=NOON - DAY)
    private = make_conversation(page, "message", contact=julie, at=NOON - 9 * DAY)
    make_message(private, at=NOON - HOUR)

    found = told(asked, ana)

    assert keys(found) == [private.pk, comment.pk]
    assert found.since == NOON - 9 * DAY


def test_who_writes_for_the_first_time_has_said_nothing_else(asked, ana):
    assert told(asked, ana) == history.History([], 0, asked.created_at)


def test_what_was_said_at_a_place_that_one_does_not_see_is_not_counted_either(page, julie, asked, place, ana, ben):
    elsewhere = make_location(place.organization)
    there = make_conversation(page, contact=julie, at=NOON - 3 * DAY, location=elsewhere)
    here = make_conversation(page, contact=julie, at=NOON - DAY)

    seen = told(asked, ana)

    assert (keys(seen), seen.count, seen.since) == ([here.pk], 1, here.created_at)
    assert keys(told(asked, ben)) == [here.pk, there.pk]
    assert listed(ana, julie) == [asked.pk, here.pk]
    assert listed(make_member(place.organization, locations=[elsewhere]), julie) == [there.pk]
    assert listed(make_member(place.organization, locations=[]), julie) == []
    assert listed(ben, julie, location=elsewhere) == [there.pk]


def test_another_organization_finds_nothing_of_it(julie, asked, outsider):
    assert listed(outsider, julie) == []


def test_five_are_shown_and_no_more_are_counted_than_are_told(page, julie, asked, ana, monkeypatch):
    monkeypatch.setattr(history, "COUNTED", 7)
    several = [make_conversation(page, contact=julie, at=NOON - number * DAY) for number in range(1, 7)]

    found = told(asked, ana)
    assert keys(found) == [each.pk for each in several[:5]]
    assert (found.count, found.since) == (6, NOON - 6 * DAY)

    for number in range(7, 10):
        make_conversation(page, contact=julie, at=NOON - number * DAY)
    found = told(asked, ana)
    assert (found.count, found.since) == (7, None)  # one more than is shown, and nobody read when it all began

    oldest = make_conversation(page, contact=julie, at=NOON - 20 * DAY)
    assert keys(told(oldest, ana)) == [asked.pk, *(each.pk for each in several[:4])]


def test_it_is_one_question_however_much_was_said(page, julie, asked, ana):
    for number in range(8):
        said = make_waiting(page, contact=julie, at=NOON - number * MINUTE, text="mon coeur, je veux mourir")
        make_danger(said.messages.get(), words="je veux mourir")
        make_case(said.messages.get(), words="mon coeur")
    whole = Conversation.objects.select_related("contact").get(pk=asked.pk)
    ana.location_ids()

    with CaptureQueriesContext(connection) as asking:
        found = history.of(whole, by=ana, now=NOON)
        assert [other.conversation.location.short_name for other in found.others] == ["Vieux-Quai"] * 5

    assert len(asking) == 1


class TestBadges:
    def badges(self, conversation, by):
        return [[label for label, _tone in other.badges] for other in told(conversation, by).others]

    @pytest.mark.parametrize("ended", ["", "closed"])
    def test_a_danger_is_told_whatever_became_of_it(self, page, julie, asked, ana, ended):
        said = make_waiting(page, contact=julie, at=NOON - DAY, text="je veux mourir")
        make_danger(said.messages.get(), words="je veux mourir")
        crises.attend_here(said, now=NOON - DAY)
        said.crises.update(ended=ended, ended_at=NOON if ended else None, alert_at=None)
        make_message(said, at=NOON - HOUR, direction="out", source="comptoir")
        make_message(said, at=NOON - MINUTE, text="Et vos heures?")  # the line of the list tells of this one alone

        assert self.badges(asked, ana) == [["Self-harm"]]

    def test_but_not_one_that_a_person_says_was_none(self, page, julie, asked, ana):
        said = make_waiting(page, contact=julie, at=NOON - DAY, text="je veux mourir")
        make_danger(said.messages.get(), words="je veux mourir")
        crises.attend_here(said, now=NOON - DAY)
        said.crises.update(ended="removed", ended_at=NOON, alert_at=None)

        assert self.badges(asked, ana) == [[]]

    def test_a_case_is_told_until_a_person_says_that_it_is_none(self, page, julie, asked, ana):
        said = make_waiting(page, contact=julie, at=NOON - DAY, text="des plaques rouges")
        make_case(said.messages.get())
        make_message(said, at=NOON - HOUR, direction="out", source="comptoir")
        make_message(said, at=NOON - MINUTE, text="Et vos heures?")

        assert self.badges(asked, ana) == [["Adverse event"]]

        Finding.objects.update(removed_at=NOON, removed_by=ana, removal="nobody")
        assert self.badges(asked, ana) == [[]]

    @pytest.mark.parametrize(("kind", "shown"), [("comment", ["Personal information"]), ("message", [])])
    def test_what_points_to_somebody_is_told_where_everybody_reads_it(self, page, julie, asked, ana, kind, shown):
        said = make_waiting(page, contact=julie, at=NOON - DAY, kind=kind, text=f"Ma carte: {NUMBER}")
        make_finding(said.messages.get(), NUMBER, family="identifier", type="ramq")

        assert self.badges(asked, ana) == [shown]
        assert NUMBER not in told(asked, ana).others[0].conversation.preview


class TestWhoTheyAre:
    @pytest.mark.parametrize("platform", ["website", "wordpress", "google"])
    def test_where_nobody_knows_whether_it_is_the_same_person_nothing_is_told(self, place, ana, platform):
        site = make_channel(place, platform)
        same_name = make_contact(site)
        one = make_waiting(site, contact=same_name)
        make_waiting(site, contact=same_name)

        assert history.of(one, by=ana, now=NOON) is None
        assert listed(ana, same_name) == []

    def test_nor_where_a_name_stands_for_an_id_that_was_not_told(self, place, ana):
        account = make_channel(place, "instagram")
        julie, known = make_contact(account, external_id="@julie.t"), make_contact(account)
        one, other = make_waiting(account, contact=julie), make_waiting(account, contact=known)
        make_waiting(account, contact=julie, at=NOON - DAY)  # by whoever had that name then

        assert history.of(one, by=ana, now=NOON) is None
        assert listed(ana, julie) == []
        assert listed(ana, known) == [other.pk]

    def test_nor_of_what_was_said_by_nobody_known(self, page, ana):
        one = make_waiting(page)
        Conversation.objects.update(contact=None)
        one.refresh_from_db()

        assert history.of(one, by=ana, now=NOON) is None

    def test_who_asked_to_be_forgotten_has_no_history(self, page, julie, asked, ana):
        make_waiting(page, contact=julie, at=NOON - DAY)
        erasure.forget(julie, now=NOON)
        asked.refresh_from_db()

        assert history.of(asked, by=ana, now=NOON) is None
        assert listed(ana, julie) == []

    def test_who_has_a_new_id_keeps_what_they_said_under_the_old_one(self, place, ana):
        page = make_channel(place, "whatsapp")
        old, new = make_contact(page, external_id="15145550177"), make_contact(page, external_id="15145550188")
        before, after = make_waiting(page, contact=old, at=NOON - DAY), make_waiting(page, contact=new)
        change = ContactChanged(platform="whatsapp", channel_id=page.external_id, old_id=old.external_id, new_id=new.external_id)

        threads.rename(change, page, at=NOON, now=NOON)

        assert keys(told(after, ana)) == [before.pk]

    def test_two_people_of_one_name_are_two(self, page, asked, ana):
        make_waiting(page, contact=make_contact(page, name=asked.contact.name))

        assert told(asked, ana).count == 0


class TestTheList:
    def test_the_next_page_goes_on_where_this_one_ends(self, page, julie, ana, monkeypatch):
        monkeypatch.setattr(history, "PAGE", 2)
        same_moment = [make_conversation(page, contact=julie, at=NOON) for _ in range(3)]
        older = make_conversation(page, contact=julie, at=NOON - DAY)
        expected = [each.pk for each in reversed(same_moment)] + [older.pk]

        first = history.page(ana, Filters(contact=julie.pk), after="")
        second = history.page(ana, Filters(contact=julie.pk), after=first.next)

        assert [line.pk for line in first.lines] == expected[:2]
        assert [line.pk for line in second.lines] == expected[2:]
        assert (first.first, second.first, second.next) == (True, False, "")

    def test_who_is_answered_shows_how_long_it_took(self, page, julie, ana):
        said = make_waiting(page, contact=julie)
        make_message(said, at=NOON + HOUR, direction="out", source="comptoir")
        waits.settle(said, now=NOON + HOUR)

        line = history.page(ana, Filters(contact=julie.pk), after="").lines[0]

        assert line.last[3] == NOON + HOUR


def test_both_are_read_along_the_index(page, julie, ana):
    asked = make_waiting(page, contact=julie)
    further = token(NOON, asked.pk)
    with CaptureQueriesContext(connection) as asking:
        history.of(asked, by=ana, now=NOON)
        history.page(ana, Filters(contact=julie.pk), after=further)
    of, of_page = (plan_of(query["sql"]) for query in asking.captured_queries[-2:])

    assert "Index Scan using conv_of_contact" in of
    assert "Index Scan using conv_of_contact" in of_page
    assert "ROW(last_message_at, id) < ROW(" in of_page.split("Index Cond: ((contact_id")[1].splitlines()[0]


def plan_of(statement):
    with connection.cursor() as cursor:
        for way in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())
