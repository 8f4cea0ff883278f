"""The sentences that stand beside the words in inbox/triage/lexicons/*.toml."""

import pytest

from inbox.triage import engine
from inbox.triage.text import Text
from inbox.triage.words import entries, lexicon

GROUPS = [
    (group.name, sentence, expected)
    for group in lexicon.groups().values()
    for sentences, expected in ((group.found, True), (group.not_found, False))
    for sentence in sentences
]
RULES = [
    (subject, rule.name, sentence, expected)
    for subject in lexicon.subjects()
    for rule in engine.rules(subject)
    for sentences, expected in ((rule.found, True), (rule.not_found, False))
    for sentence in sentences
]


@pytest.mark.parametrize(("group", "sentence", "expected"), GROUPS)
def test_a_group_is_found_where_its_file_says(group, sentence, expected):
    assert (group in Text(sentence).cues) is expected


@pytest.mark.parametrize(("subject", "name", "sentence", "expected"), RULES)
def test_a_rule_finds_what_its_file_says(subject, name, sentence, expected):
    assert any(finding.rule == name for finding in engine.findings(subject, Text(sentence))) is expected


@pytest.mark.parametrize("name", lexicon.groups())
def test_every_entry_can_be_read(name):
    for written in lexicon.groups()[name].entries:
        lexicon._read(written, lexicon.groups()[name])


def test_no_need_goes_beyond_a_stretch_of_text():
    """Else it would not be found in any, and its entry would never be tried."""
    read = (entries.read(entry, lexicon.forms()) for group in lexicon.groups().values() for entry in group.entries)
    needs = {need for entry in read for needs in entry.starts.values() for need in needs}
    assert not [need for need in needs if not lexicon.STRETCH.fullmatch(need)]
