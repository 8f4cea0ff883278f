import csv
import re
from io import StringIO
from pathlib import Path

import pytest
from django.urls import reverse

from accounts import audit
from accounts.auditing import trail, trail_details
from accounts.models import AuditEntry
from tests.factories import DAY, NOON, SECOND

pytestmark = pytest.mark.django_db


def told(member, action="member.changed", now=NOON, **detail):
    return audit.record(action, member, organization=member.organization, by=member, now=now, **detail)


def rows(answer):
    return list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_every_entry_is_on_exactly_one_page(sign_in, ben):
    entries = [told(ben, number=number) for number in range(120)]
    client, address, seen = sign_in(ben), reverse("accounts:audit"), []
    while address:
        context = client.get(address).context
        seen += [entry.pk for entry, _action in context["entries"]]
        address = context["older"] and f"{reverse('accounts:audit')}?before={context['older']}"

    assert len(seen) == len(set(seen)) == 121  # and the policy of the organization
    assert set(seen) > {entry.pk for entry in entries}
    assert seen == sorted(seen, reverse=True)


def test_a_page_costs_the_same_whatever_it_lists(sign_in, ben, django_assert_max_num_queries):
    for number in range(60):
        told(ben, number=number)
    client = sign_in(ben)

    with django_assert_max_num_queries(10):
        client.get(reverse("accounts:audit"))


def test_the_trail_is_found_by_action_person_and_day(sign_in, ben, ana):
    first = told(ana, "member.ended", now=NOON - 2 * DAY)
    second = told(ben, now=NOON)
    client = sign_in(ben)

    def found(**asked):
        context = client.get(reverse("accounts:audit"), asked).context
        return {entry.pk for entry, _action in context["entries"]} & {first.pk, second.pk}

    assert found() == {first.pk, second.pk}
    assert found(action="member.ended") == {first.pk}
    assert found(person=ben.pk) == {second.pk}
    assert found(since="2026-11-22") == {second.pk}
    assert found(until="2026-11-21") == {first.pk}
    assert found(since="2026-11-22", until="2026-11-22") == set()


def test_a_day_begins_and_ends_at_midnight_in_montreal(sign_in, ben):
    last = told(ben, now=NOON.replace(hour=5) - SECOND)  # 23:59:59 on the 22nd
    first = told(ben, now=NOON.replace(hour=5))
    client = sign_in(ben)

    def on(day):
        context = client.get(reverse("accounts:audit"), {"since": day, "until": day}).context
        return {entry.pk for entry, _action in context["entries"]}

    assert on("2026-11-22") == {last.pk}
    assert on("2026-11-23") == {first.pk}


def test_a_filter_that_makes_no_sense_is_said_and_shows_nothing(sign_in, ben):
    told(ben)
    client = sign_in(ben)

    answer = client.get(reverse("accounts:audit"), {"since": "yesterday"})

    assert answer.status_code == 422
    assert answer.context["entries"] == []
    assert client.get(reverse("accounts:audit_export"), {"since": "yesterday"}).status_code == 422


def test_the_csv_holds_all_that_was_asked_for_and_no_formula(sign_in, ben, outsider):
    told(outsider, "member.ended")
    for number in range(60):
        told(ben, number=number)
    ben.user.name = "=HYPERLINK(1)"
    ben.user.save()

    table = rows(sign_in(ben).get(reverse("accounts:audit_export"), {"action": "member.changed"}))

    assert table[0][:3] == ["Number", "Moment", "Person"]
    assert len(table) == 61
    assert {row[2] for row in table[1:]} == {"'=HYPERLINK(1)"}


def test_another_organizations_person_is_no_filter(sign_in, ben, outsider):
    assert sign_in(ben).get(reverse("accounts:audit"), {"person": outsider.pk}).status_code == 422


def test_every_action_that_the_code_records_has_words_for_people():
    written = {
        found
        for path in ("accounts", "inbox", "responses")
        for file in Path(path).rglob("*.py")
        for found in re.findall(r'(?:record|_audit|tell_of_sign_in)\(\s*"([a-z_]+\.[a-z_]+)"', file.read_text())
    }

    assert len(written) > 10
    assert written <= set(trail.WORDS)


@pytest.mark.parametrize("query", [{"before": "9" * 5000}, {"until": "9999-12-31"}])
def test_an_address_that_no_page_of_ours_made_is_no_accident(sign_in, ben, query):
    assert sign_in(ben).get(reverse("accounts:audit"), query).status_code == 200


def test_a_change_is_told_by_name_before_and_after_and_not_as_json(sign_in, ben):
    told(ben, before={"role": "staff", "all_locations": False}, after={"role": "manager", "all_locations": False})
    told(ben, "template.approved", number=1, comment="", sent_at="2026-11-23T17:00:00Z", odd={"a": [1, None]})

    html = sign_in(ben).get(reverse("accounts:audit")).content.decode()

    assert "<span>Staff</span> → <b>Manager</b>" in html
    assert "All locations" not in html.split("<table")[1]
    assert "&quot;role&quot;" not in html
    assert "Time to answer: <b>24 h</b>" in " ".join(html.split())  # the policy of the organization


def test_any_detail_can_be_told():
    for detail in ({}, {"before": None, "after": "Ana"}, {"after": {"x": "2026-02-31T10:00:00Z"}}, {"y": [{"z": True}]}):
        trail_details.lines(AuditEntry(subject_type="gone.away", detail=detail))
