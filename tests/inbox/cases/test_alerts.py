"""Who is told of a case and of its clocks: each step once, whoever comes late or looks twice."""

from datetime import UTC, datetime

import pytest
from django.core import mail

from accounts.access import Role
from inbox.cases import judging
from inbox.cases.alerts import alert_due
from inbox.models import Finding, Notice, SafetyCase
from inbox.news import mails
from inbox.screening.by_people import judging as findings
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    SECOND,
    make_case,
    make_channel,
    make_location,
    make_member,
    make_organization,
    make_waiting,
)

pytestmark = pytest.mark.django_db

# A Monday, noon: passed on by Tuesday noon, reported by the 8th of December.
REPORT_DUE = datetime(2026, 12, 9, 5, 0, tzinfo=UTC)  # midnight after it, in Montréal
WHOLE = REPORT_DUE - SECOND - NOON
LATE_FORWARD, LATE_REPORT = NOON + DAY + SECOND, REPORT_DUE


@pytest.fixture
def place(db):
    return make_location(make_organization(kind="manufacturer"))


@pytest.fixture
def pharmacist(place):
    return make_member(place.organization, Role.PHARMACIST, locations=[place], name="Paul Exemple")


@pytest.fixture
def officer(place):
    return make_member(place.organization, Role.COMPLIANCE, name="Ben Exemple")


def opened(place, kind="adverse_event", **fields):
    words = "Depuis la pilule bleue j’ai des plaques, 418 555-0199"
    return make_case(make_waiting(make_channel(place), text=words).messages.get(), kind, **fields)


def look(*moments):
    for now in moments:
        alert_due(now=now)


def told(member) -> list[str]:
    return list(Notice.objects.filter(membership=member).order_by("created_at", "pk").values_list("kind", flat=True))


def test_a_new_case_and_each_step_of_its_first_clock_are_told_once(place, pharmacist):
    opened(place)
    look(NOON, NOON, NOON + 12 * HOUR - SECOND)
    assert told(pharmacist) == ["case"]
    look(NOON + 12 * HOUR, NOON + 13 * HOUR)
    assert told(pharmacist) == ["case", "forward_near"]
    look(NOON + 0.8 * DAY, NOON + DAY)
    assert told(pharmacist) == ["case", "forward_near", "forward_urgent"]
    look(LATE_FORWARD, LATE_FORWARD, NOON + 2 * DAY)
    assert told(pharmacist) == ["case", "forward_near", "forward_urgent", "forward_late"]


def test_the_second_clock_runs_on_after_the_case_was_passed_on_and_has_steps_of_its_own(place, pharmacist):
    judging.report(
        case := opened(place), to="pv", told_on=NOON.date(), reference="PV-7", by=pharmacist, now=NOON
    )  # so that nobody misses a number
    look(NOON + WHOLE / 2 - SECOND)
    assert told(pharmacist) == []
    look(NOON + WHOLE / 2, NOON + WHOLE * 0.8, LATE_REPORT - SECOND)
    assert told(pharmacist) == ["report_near", "report_urgent"]
    look(LATE_REPORT, LATE_REPORT + DAY)
    assert told(pharmacist) == ["report_near", "report_urgent", "report_late"]
    case.refresh_from_db()
    assert case.alert_at is None


def test_after_a_clock_that_stood_still_the_last_word_of_each_is_told_and_no_other(place, pharmacist):
    opened(place)
    look(LATE_REPORT)
    assert sorted(told(pharmacist)) == ["forward_late", "report_late"]


def test_a_case_for_which_nobody_needs_to_be_told_a_day_has_the_first_clock_alone(place, pharmacist):
    opened(place, "product_quality")
    look(LATE_REPORT)
    assert told(pharmacist) == ["forward_late"]


def test_one_that_is_not_serious_owes_no_report_and_its_notices_are_settled(place, pharmacist):
    case = opened(place)
    look(LATE_REPORT)
    known = dict.fromkeys(("reporter", "patient", "product", "reaction"), "yes")
    judging.check(case, {**known, "serious": "no"}, by=pharmacist, now=LATE_REPORT)
    look(LATE_REPORT)

    left = Notice.objects.filter(membership=pharmacist, read_at=None)
    assert list(left.values_list("kind", flat=True)) == ["forward_late"]


def test_the_later_steps_go_by_mail_as_well_without_a_word_of_the_message(place, pharmacist):
    case = opened(place)
    look(NOON, NOON + 12 * HOUR)
    mails.send_due(now=NOON + 12 * HOUR)
    assert mail.outbox == []

    look(NOON + 0.8 * DAY)
    mails.send_due(now=NOON + 0.8 * DAY)
    (sent,) = mail.outbox
    assert f"/inbox/safety/{case.pk}/" in sent.body
    assert "passed on very soon" in sent.subject
    for words in ("plaques", "pilule", "555-0199", "Julie"):
        assert words not in sent.subject + sent.body


def test_no_mail_leaves_of_what_was_done_meanwhile(place, pharmacist):
    case = opened(place)
    look(NOON + 0.8 * DAY)
    judging.forward(case, by=pharmacist, now=NOON + 0.8 * DAY)
    look(NOON + 0.8 * DAY)
    mails.send_due(now=NOON + 0.8 * DAY)

    assert mail.outbox == []
    assert not Notice.objects.filter(read_at=None).exists()


def test_whoever_holds_the_conversation_is_told_first_and_everybody_when_time_is_short(place, pharmacist, officer):
    case = opened(place)
    conversation = case.message.conversation
    type(conversation).objects.filter(pk=conversation.pk).update(assignee=pharmacist)

    look(NOON, NOON + 12 * HOUR)
    assert (told(pharmacist), told(officer)) == (["case", "forward_near"], [])
    look(NOON + 0.8 * DAY)
    assert told(officer) == ["forward_urgent"]


def test_those_of_other_places_and_those_who_may_not_judge_it_are_not_told(place, pharmacist, outsider):
    elsewhere = make_member(place.organization, Role.PHARMACIST, locations=[make_location(place.organization)])
    counter = make_member(place.organization, Role.STAFF)
    case = opened(place)
    conversation = case.message.conversation
    type(conversation).objects.filter(pk=conversation.pk).update(assignee=counter)
    look(LATE_REPORT)

    assert told(pharmacist)
    assert not any(told(member) for member in (elsewhere, counter, outsider))


@pytest.mark.parametrize("role", [Role.STAFF, Role.ADMIN])
def test_where_nobody_may_judge_it_it_is_told_to_somebody_all_the_same(place, role):
    member = make_member(place.organization, role)
    opened(place)
    look(NOON)
    assert told(member) == ["case"]


@pytest.mark.parametrize(("serious", "expected"), [(True, ["case"]), (False, [])])
def test_of_an_offer_only_serious_harm_is_told_and_no_clock(serious, expected):
    place = make_location()
    member = make_member(place.organization, Role.PHARMACIST)
    opened(place, serious=serious)
    look(NOON, LATE_FORWARD, LATE_REPORT)
    assert told(member) == expected


def test_serious_harm_found_in_old_words_of_a_pharmacy_is_news_to_nobody():
    place = make_location()
    member = make_member(place.organization, Role.PHARMACIST)
    opened(place, serious=True)
    look(NOON + DAY + SECOND)
    assert told(member) == []


def test_of_what_a_person_took_off_nothing_is_told_until_it_is_put_back(place, pharmacist):
    case = opened(place)
    findings.remove(Finding.objects.get(), reason="nobody", note="", by=pharmacist, now=NOON)
    look(LATE_REPORT)
    assert told(pharmacist) == []

    findings.put_back(Finding.objects.get(), by=pharmacist, now=LATE_REPORT)
    look(LATE_REPORT)
    assert sorted(told(pharmacist)) == ["forward_late", "report_late"]
    assert case.message.cases.get().due_at == NOON + DAY


MONDAY_CLOSES = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)  # 17:00 of the business day after


def test_that_no_number_came_back_in_a_business_day_is_told(place, pharmacist):
    judging.forward(opened(place), by=pharmacist, now=NOON)
    look(NOON, MONDAY_CLOSES)
    assert told(pharmacist) == []
    look(MONDAY_CLOSES + SECOND, MONDAY_CLOSES + HOUR)
    assert told(pharmacist) == ["unacknowledged"]
    assert Notice.objects.get().mail_at


@pytest.mark.parametrize(
    ("to", "reference", "expected"), [("pv", "PV-7", []), ("pv", "", ["unacknowledged"]), ("canada_vigilance", "", [])]
)
def test_a_number_or_the_authority_is_what_is_waited_for(place, pharmacist, to, reference, expected):
    case = opened(place)
    judging.report(case, to=to, told_on=NOON.date(), reference=reference, by=pharmacist, now=NOON)
    look(MONDAY_CLOSES + SECOND)
    assert told(pharmacist) == expected


def test_what_is_taken_back_is_told_anew(place, pharmacist):
    case = opened(place)
    look(LATE_FORWARD)
    judging.forward(case, by=pharmacist, now=LATE_FORWARD)
    look(LATE_FORWARD)
    judging.take_back_forward(case, by=pharmacist, now=LATE_FORWARD + HOUR)
    look(LATE_FORWARD + HOUR)

    assert Notice.objects.get(membership=pharmacist, read_at=None).kind == "forward_late"


def test_a_clock_is_due_where_the_location_is(place, pharmacist):
    type(place).objects.filter(pk=place.pk).update(time_zone="America/Vancouver")
    opened(place)
    look(LATE_REPORT)
    assert "report_late" not in told(pharmacist)
    look(LATE_REPORT + 3 * HOUR)
    assert "report_late" in told(pharmacist)


def test_cases_of_before_are_looked_at_once(place, pharmacist):
    """As the migration leaves them."""
    case = opened(place)
    SafetyCase.objects.update(due_at=NOON, alert_at=NOON)
    look(NOON + HOUR)
    case.refresh_from_db()
    assert (case.due_at, case.alert_at) == (NOON + DAY, NOON + 12 * HOUR)
