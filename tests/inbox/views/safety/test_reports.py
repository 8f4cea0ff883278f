"""Who outside was told of a case: noted by name, taken back by name, and what of it every page shows."""

import re

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from inbox.cases import alerts, judging
from inbox.models import SafetyCase
from tests.factories import DAY, HOUR

pytestmark = pytest.mark.django_db


def report(client, case, **fields):
    today = timezone.now().astimezone(case.zone)
    said = {"to": "health_canada", "told_on": f"{today:%Y-%m-%d}", "reference": "HC-2026-77"} | fields
    return client.post(f"/inbox/safety/{case.pk}/report/", said, follow=True)


def test_passing_on_ends_the_first_clock_and_a_report_by_name_the_second(a_case, maker, pharmacist, sign_in):
    case = a_case(at=timezone.now() - HOUR)
    client, address = sign_in(pharmacist), f"/inbox/safety/{case.pk}/"
    assert client.get(address).text.count('class="chip"') == 2

    page = client.post(f"{address}forward/", follow=True).text
    assert page.count('class="chip"') == 1

    page = report(client, case).text
    assert 'class="chip"' not in page
    for words in ("Health Canada", "acknowledged as HC-2026-77", "Noted by Paul Exemple"):
        assert words in page
        assert words in client.get(f"{address}summary/").text
    listed = client.get("/inbox/safety/").text
    assert "acknowledged as HC-2026-77" in listed
    assert re.search(r"reported (<[^>]*>)?[^<]*20\d\d", listed)
    entry = AuditEntry.objects.get(action="case.reported")
    assert (entry.actor, entry.detail["to"], entry.detail["reference"]) == (pharmacist, "health_canada", "HC-2026-77")


def test_that_the_makers_own_people_have_it_is_no_report(a_case, maker, pharmacist, sign_in):
    case = a_case(at=timezone.now() - HOUR)
    page = report(sign_in(pharmacist), case, to="pv", reference="PV-9").text

    assert "Paul Exemple passed it on" in page, "who says that they have it says that it was passed on"
    assert "acknowledged as PV-9" in page
    assert page.count('class="chip"') == 1, "the second clock runs on"


def test_what_was_said_by_mistake_is_taken_back_by_name_and_the_clock_runs_on(a_case, maker, pharmacist, sign_in):
    case, client = a_case(at=timezone.now() - HOUR), sign_in(pharmacist)
    report(client, case)
    address = f"/inbox/safety/{case.pk}/"
    assert "It was not so" in client.get(address).text
    client.post(f"{address}not-forwarded/")
    case.refresh_from_db()
    assert case.forwarded_at, "what was told outside was passed on"

    taken_back = f"{address}report/{case.reports.get().pk}/not-so/"
    assert client.post(taken_back, follow=True).text.count('class="chip"') == 1
    assert "already took it back" in client.post(taken_back, follow=True).text
    assert client.post(f"{address}not-forwarded/", follow=True).text.count('class="chip"') == 2
    actions = AuditEntry.objects.filter(action__startswith="case.").order_by("pk").values_list("action", "actor")
    said = ["case.forwarded", "case.reported", "case.not_reported", "case.not_forwarded"]
    assert list(actions) == [(action, pharmacist.pk) for action in said]


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": ""},
        {"to": "a friend"},
        {"told_on": ""},
        {"told_on": "2020-01-01"},
        {"told_on": "2999-01-01"},
        {"reference": "x" * 41},
        {"reference": "Julie, 418 555-0199"},
    ],
)
def test_whom_nobody_knows_or_a_day_that_cannot_be_is_refused(a_case, maker, pharmacist, sign_in, wrong):
    case = a_case()
    assert report(sign_in(pharmacist), case, **wrong).status_code == 422
    case.refresh_from_db()
    assert (case.reports.count(), case.forwarded_at) == (0, None)


def test_a_report_of_another_case_is_not_found_beside_this_one(a_case, maker, pharmacist, sign_in):
    one, other, client = a_case(), a_case(), sign_in(pharmacist)
    report(client, other)
    assert client.post(f"/inbox/safety/{one.pk}/report/{other.reports.get().pk}/not-so/").status_code == 404
    assert other.reports.get().undone_at is None


def test_a_report_after_its_day_says_so(a_case, maker, pharmacist, sign_in):
    case = a_case()
    SafetyCase.objects.update(aware_at=timezone.now() - 20 * DAY)
    judging.forward(case, by=pharmacist, now=timezone.now() - 19.5 * DAY)
    client = sign_in(pharmacist)
    assert "no number came back" in client.get("/inbox/safety/").text

    page = report(client, case).text
    assert page.count(">late<") == 1
    assert "no number came back" not in page


def test_a_pharmacy_may_note_it_and_nothing_runs(a_case, pharmacist, sign_in):
    case = a_case()
    page = report(sign_in(pharmacist), case, to="canada_vigilance").text
    assert "acknowledged as HC-2026-77" in page
    assert 'class="chip"' not in page


def test_a_notice_of_a_case_leads_to_it_and_names_nobody(a_case, maker, pharmacist, sign_in):
    case = a_case()
    alerts.alert_due(now=timezone.now())
    client = sign_in(pharmacist)

    page = client.get("/inbox/notices/").text
    assert "A new safety case" in page
    assert f"Case {case.pk}" in page
    assert "Julie" not in page
    notice = pharmacist.notices.get()
    assert client.post(f"/inbox/notices/{notice.pk}/").headers["Location"] == f"/inbox/safety/{case.pk}/"
    notice.refresh_from_db()
    assert notice.read_at
