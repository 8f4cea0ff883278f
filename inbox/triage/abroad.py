"""The unmistakable in other languages than French and English: danger, and what a medicine did.

The rules are in lexicons/abroad_*.toml, one file a language. Nothing is learned of them: a person who reads the language decides.
"""

from collections.abc import Iterator

from inbox.triage import engine
from inbox.triage.findings import Finding
from inbox.triage.text import Text

PREFIX = "abroad_"


def find(text: Text) -> Iterator[Finding]:
    for subject in sorted({group.partition(".")[0] for group in text.cues if group.startswith(PREFIX)}):
        yield from engine.findings(subject, text)


def is_told(finding: Finding) -> bool:
    return finding.rule.startswith(PREFIX)
