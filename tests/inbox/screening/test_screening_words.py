"""Everything that a rule may find has a name for people, in both languages."""

import tomllib

import pytest
from django.utils import translation

from inbox.screening.shown import words
from inbox.triage.lexicons import FOLDER

TYPES = sorted(
    {
        rule["type"]
        for path in FOLDER.glob("*.toml")
        for rule in tomllib.loads(path.read_text()).get("rules", {}).values()
        if rule.get("type")
    }
)


@pytest.mark.parametrize("type_", TYPES)
def test_what_a_rule_finds_has_a_name(type_):
    assert type_ in words.LABELS
    with translation.override("fr-ca"):
        french = words.label(type_)
    with translation.override("en"):
        assert words.label(type_) != french or type_ in {"refill"}
