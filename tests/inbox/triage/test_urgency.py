import pytest

from inbox.triage.findings import Confidence, Context, Family, Finding, Urgency
from inbox.triage.urgency import urgency


def finding(family=Family.CRISIS, type="threat", urgency=Urgency.NONE, serious=False):
    return Finding(family, type, 0, 1, Confidence.HIGH, "rule", urgency=urgency, serious=serious)


def test_nothing_found_is_not_urgent():
    assert urgency([], Context()) is Urgency.NONE


def test_the_most_urgent_finding_counts():
    found = [finding(urgency=Urgency.NOW), finding(urgency=Urgency.SOON)]
    assert urgency(found, Context()) is Urgency.NOW


@pytest.mark.parametrize(("serious", "expected"), [(True, Urgency.NOW), (False, Urgency.SOON)])
def test_a_side_effect_is_as_urgent_as_it_is_serious(serious, expected):
    assert urgency([finding(Family.SAFETY, "adverse_event", serious=serious)], Context()) is expected


@pytest.mark.parametrize(
    ("type", "public", "expected"),
    [
        ("phone", True, Urgency.SOON),
        ("phone", False, Urgency.NONE),
        ("postal_code", True, Urgency.NONE),
        ("ramq", True, Urgency.SOON),
        ("ramq", False, Urgency.SOON),
        ("sin", False, Urgency.SOON),
        ("ohip", False, Urgency.SOON),
        ("bc_phn", False, Urgency.SOON),
    ],
)
def test_an_identifier_is_urgent_where_others_read_it(type, public, expected):
    assert urgency([finding(Family.IDENTIFIER, type)], Context(public=public)) is expected
