"""What became of the cases of a month, as the page counts them and the CSV tells them one by one."""

import csv
import io

import pytest
from django.utils import timezone

from accounts.access import Role
from inbox.cases import judging, reconciling
from inbox.models import Finding, OwnProduct, SafetyCase
from inbox.screening.by_people import judging as findings
from tests.factories import DAY, HOUR, NOON, make_case, make_channel, make_location, make_member, make_organization, make_waiting

pytestmark = pytest.mark.django_db

WORDS = "Depuis Nébulor j’ai des plaques, rappelez-moi au 418 555-0199"
CUES = [["product", WORDS.index("Nébulor"), WORDS.index("Nébulor") + 7]]
ALL_FOUR = dict.fromkeys(("reporter", "patient", "product", "reaction"), "yes") | {"serious": "unknown"}
TODAY = NOON.date()


@pytest.fixture
def place(db):
    return make_location(make_organization(kind="manufacturer"))


@pytest.fixture
def officer(place):
    return make_member(place.organization, Role.COMPLIANCE, name="Ben Exemple")


def opened(place, at=NOON, cues=CUES, **fields):
    return make_case(make_waiting(make_channel(place), at=at, text=WORDS).messages.get(), cues=cues, **fields)


def counted(member, now=NOON + 2 * HOUR, first=NOON - DAY, end=NOON + DAY):
    return reconciling.counts(reconciling.lines(member, first, end, now))


def test_each_case_is_counted_by_its_product_and_for_all_that_became_of_it(place, officer):
    reported, passed_on, dismissed = opened(place), opened(place), opened(place)
    opened(place, cues=[])
    judging.check(reported, ALL_FOUR, by=officer, now=NOON)
    judging.report(reported, to="health_canada", told_on=TODAY, reference="HC-1", by=officer, now=NOON)
    judging.forward(passed_on, by=officer, now=NOON)
    findings.remove(dismissed.message.findings.get(), reason="nobody", note="", by=officer, now=NOON)

    named, unnamed = counted(officer)
    assert named == reconciling.Count(
        "nébulor", received=3, forwarded=2, acknowledged=1, reported=1, late=0, invalid=1, dismissed=1
    )
    assert (unnamed.product, unnamed.received, unnamed.invalid) == ("", 1, 1)


def test_what_one_makes_is_called_as_it_is_spelled_also_where_no_rule_needed_its_name(place, officer):
    OwnProduct.objects.create(organization=place.organization, name="Nébulor")
    opened(place)
    opened(place, cues=[])

    assert [(count.product, count.received) for count in counted(officer)] == [("Nébulor", 2)]


def test_what_is_overdue_or_was_done_too_late_is_late_and_what_was_dismissed_is_not(place, officer):
    (
        opened(place),
        judging.forward(opened(place), by=officer, now=NOON + 25 * HOUR),
        judging.forward(opened(place), by=officer, now=NOON),
    )
    findings.remove(opened(place).message.findings.get(), reason="nobody", note="", by=officer, now=NOON)

    assert [count.late for count in counted(officer, now=NOON + 26 * HOUR)] == [2]


def test_only_what_one_sees_of_one_month(place, officer, outsider):
    opened(place), opened(place, at=NOON - 40 * DAY)
    elsewhere = make_member(place.organization, Role.MANAGER, locations=[make_location(place.organization)])

    assert sum(count.received for count in counted(officer)) == 1
    assert counted(outsider) == counted(elsewhere) == []


def test_why_it_is_not_valid_is_said(place, officer):
    unseen, asked = opened(place), opened(place)
    judging.check(asked, ALL_FOUR | {"product": "ask", "patient": "no"}, by=officer, now=NOON)

    told = {line.case.pk: line.missing for line in reconciling.lines(officer, NOON - DAY, NOON + DAY, NOON)}
    assert told[unseen.pk] == "Nobody has looked at the criteria yet"
    assert told[asked.pk] == "Somebody to whom it happened, A product that is suspected"


def test_the_page_and_the_csv_name_nobody_who_wrote(place, officer, sign_in):
    case, dismissed = opened(place), opened(place)
    SafetyCase.objects.update(aware_at=timezone.now())
    judging.report(case, to="pv", told_on=TODAY, reference="PV-9", by=officer, now=timezone.now())
    findings.remove(Finding.objects.get(message=dismissed.message), reason="recorded", note="", by=officer, now=timezone.now())
    client = sign_in(officer)

    page = client.get("/inbox/safety/month/").text
    written = b"".join(client.get("/inbox/safety/month.csv").streaming_content).decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(written))
    assert (first["Acknowledged as"], first["Product"], first["Dismissed by"]) == ("PV-9", "nébulor", "")
    assert (second["Dismissed by"], second["Why"]) == ("Ben Exemple", "Already recorded from another message")
    assert "Ben Exemple" in page
    for words in ("plaques", "555-0199", "Julie"):
        assert words not in page + written


def test_a_month_in_which_nothing_was_told_says_so(place, officer, sign_in):
    assert "Nothing in this month" in sign_in(officer).get("/inbox/safety/month/?month=2001-01").text
