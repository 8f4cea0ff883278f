"""Somebody may be in danger: self-harm, emergency, poisoning, a medication error, a threat. The rules are in the lexicons.

What they do not know is for a second opinion, learned from many messages (learned.py): it adds where the words together speak of
danger, and takes a figure of speech back where everything around it is harmless.
"""

from collections.abc import Collection, Iterator
from itertools import chain

from inbox.triage import engine
from inbox.triage.crisis import learned
from inbox.triage.crisis.learned import Opinion
from inbox.triage.findings import Finding, Urgency
from inbox.triage.text import Text

SUBJECTS = ("self_harm", "emergency", "poisoning", "medication_errors", "threats", "care")
DOUBTFUL = ("speech.fiction", "speech.awareness", "speech.handled", "speech.past", "speech.annoyance", "idioms.")
FIGURATIVE = ("self_harm.", "emergency.breath")  # people die of laughter, and suffocate in a queue


def find(text: Text, said: Opinion) -> Iterator[Finding]:
    """What the rules find, but for figures of speech."""
    found = tuple(chain.from_iterable(engine.findings(subject, text) for subject in SUBJECTS))
    yield from (finding for finding in found if not _is_figure_of_speech(finding, found, said))


def _is_figure_of_speech(finding: Finding, found: Collection[Finding], said: Opinion) -> bool:
    """One phrase alone. What was said twice, in two ways, was meant."""
    alone = len(found) == 1 and len(finding.cues) == 1
    return alone and finding.rule.startswith(FIGURATIVE) and said.danger < learned.HARMLESS


def second_opinion(text: Text, found: Collection[Finding], said: Opinion) -> Iterator[Finding]:
    """Where no rule saw danger."""
    if not said.loudest or any(finding.urgency is Urgency.NOW for finding in found):
        return
    doubtful = any(group.startswith(DOUBTFUL) for group in text.cues) or any(finding.type == "adverse_event" for finding in found)
    if said.danger >= (learned.DOUBT if doubtful else learned.THRESHOLD):
        yield learned.finding(said)
