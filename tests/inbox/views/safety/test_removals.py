"""What people removed, listed for compliance, and how often each rule was right."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.access import Role
from inbox.models import Finding
from inbox.screening.by_people import adding, figures, judging
from inbox.views.safety import removals
from tests.factories import MINUTE, make_channel, make_finding, make_location, make_member, make_message, make_waiting

pytestmark = pytest.mark.django_db
MONTREAL = ZoneInfo("America/Toronto")


@pytest.fixture
def officer(place):
    return make_member(place.organization, Role.COMPLIANCE, name="Odile Exemple")


@pytest.fixture
def message(place):
    return make_waiting(make_channel(place), text="Des plaques ZQX-words").messages.get()


def found(message, number, *, rule="AE-1", at=None):
    """Each in a message of its own: in one message a person judges all of a type at once."""
    said = (make_message(message.conversation, text=message.text) for _number in range(number))
    return [make_finding(each, rule=rule, found_at=at or timezone.now()) for each in said]


def removed(finding, by, reason="figure_of_speech", note=""):
    judging.remove(finding, reason=reason, note=note, by=by, now=timezone.now())


def lines(answer) -> list[str]:
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()


def test_a_rule_is_as_right_as_people_left_it(officer, message):
    one, two, three, *_others = found(message, 5)
    found(message, 1, rule="AE-2")
    removed(one, officer)
    removed(two, officer, reason="opposite")
    removed(three, officer, reason="explained")  # it had read the words rightly

    month = figures.months(timezone.now(), MONTREAL)[0]
    counted = figures.figures(officer, *figures.bounds(month, MONTREAL), MONTREAL)

    assert [(one.rule, one.found, one.wrong, one.set_aside, one.percent) for one in counted] == [
        ("AE-1", 5, 2, 1, 60),
        ("AE-2", 1, 0, 0, 100),
    ]


def test_a_month_begins_at_midnight_of_the_place(officer, message):
    last_of_june = datetime(2026, 6, 30, 23, 59, tzinfo=MONTREAL)
    found(message, 1, at=last_of_june)
    found(message, 2, rule="AE-2", at=last_of_june + MINUTE)

    first, end = figures.bounds(date(2026, 6, 1), MONTREAL)[0], figures.bounds(date(2026, 7, 1), MONTREAL)[1]
    counted = figures.figures(officer, first, end, MONTREAL)

    assert [(one.month, one.rule, one.found) for one in counted] == [(date(2026, 7, 1), "AE-2", 2), (date(2026, 6, 1), "AE-1", 1)]


def test_the_last_twelve_months_pass_the_new_year():
    months = figures.months(datetime(2027, 2, 1, 3, tzinfo=ZoneInfo("UTC")), MONTREAL)  # still January in Montréal

    assert (months[0], months[1], months[-1], len(months)) == (date(2027, 1, 1), date(2026, 12, 1), date(2026, 2, 1), 12)


def test_the_page_says_who_removed_what_and_why_without_the_persons_words(sign_in, officer, message, monkeypatch):
    monkeypatch.setattr(removals, "PAGE", 2)
    for finding in found(message, 3):
        removed(finding, officer, reason="other", note="ZQX-note")
    client = sign_in(officer)

    page = client.get("/findings/").content.decode()
    last = Finding.objects.order_by("-removed_at", "-pk")[1]
    second = client.get("/findings/", {"after": last.pk}).content.decode()

    assert page.count("ZQX-note") == 2
    assert second.count("ZQX-note") == 1
    assert "Odile Exemple" in page
    assert "ZQX-words" not in page
    assert client.get("/findings/", {"month": "1999-01", "after": "9" * 30}).status_code == 200


def test_both_lists_go_into_a_spreadsheet(sign_in, officer, message):
    removed(found(message, 2)[0], officer)
    client = sign_in(officer)

    removals_, rules = lines(client.get("/findings/removals.csv")), lines(client.get("/findings/rules.csv"))

    assert len(removals_) == 2
    assert "Odile Exemple,Adverse event,AE-1,test-1,Figure of speech or joke" in removals_[1]
    assert rules[1].endswith("AE-1,Adverse event,2,1,0,50.0")


def test_who_is_kept_to_a_location_sees_no_others(sign_in, place, officer, message):
    removed(found(message, 1)[0], officer)
    manager = make_member(place.organization, Role.MANAGER, locations=[make_location(place.organization)])

    page = sign_in(manager).get("/findings/").content.decode()

    assert "Odile Exemple" not in page
    assert "No rule found anything in this month" in page


def test_what_people_added_counts_for_no_rule_and_is_shown_by_type_without_words(sign_in, officer, message, place):
    ana = make_member(place.organization, Role.PHARMACIST, name="Ana Exemple")
    [rule] = found(message, 1)
    others = [make_message(message.conversation, text=message.text) for _number in range(3)]
    for each in others:
        adding.add(each, "adverse_event", words="plaques", by=ana, now=timezone.now())
    adding.add(others[0], "name", words="ZQX-words", by=ana, now=timezone.now())
    removed(others[0].findings.get(type="adverse_event"), officer)
    removed(others[1].findings.get(type="adverse_event"), officer, reason="recorded")
    elsewhere = make_waiting(make_channel(), text="Des plaques").messages.get()
    adding.add(elsewhere, "threat", by=make_member(elsewhere.conversation.organization), now=timezone.now())

    client = sign_in(officer)
    page = client.get("/findings/").text

    assert page.count("AE-1</span></th>") == 1
    assert '<tr><th scope="row">Adverse event</th><td class="number">3</td><td class="number">1</td></tr>' in page
    assert '<tr><th scope="row">Name of a person</th><td class="number">1</td><td class="number">0</td></tr>' in page
    assert page.count("reported by Ana Exemple") == 2
    for gone in ("Threat", "ZQX-words", "plaques"):
        assert gone not in page
    month = f"{timezone.now().astimezone(MONTREAL):%Y-%m}"
    assert lines(client.get("/findings/unseen.csv"))[1:] == [f"{month},Adverse event,3,1", f"{month},Name of a person,1,0"]
    assert [line.split(",")[1] for line in lines(client.get("/findings/rules.csv"))[1:]] == [rule.rule]
