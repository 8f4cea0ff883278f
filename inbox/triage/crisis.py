"""Somebody may be in danger: self-harm, emergency, poisoning, a medication error, a threat. The rules are in the lexicons."""

from collections.abc import Iterator

from inbox.triage import engine
from inbox.triage.findings import Context, Finding
from inbox.triage.text import Text

SUBJECTS = ("self_harm", "emergency", "poisoning", "medication_errors", "threats", "care")


def find(text: Text, context: Context) -> Iterator[Finding]:
    for subject in SUBJECTS:
        yield from engine.findings(subject, text)
