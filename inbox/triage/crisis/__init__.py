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
DOUBTFUL = (
    "speech.fiction",
    "speech.awareness",
    "speech.handled",
    "speech.past",
    "speech.annoyance",
    "exposure.not_taken",
    "idioms.",
)
FIGURATIVE = ("self_harm.", "emergency.breath")  # people die of laughter, and suffocate in a queue
SIDE_EFFECT = ("products.", "reactions.")
LONG_AGO, GOOD_END = "light.long_ago", "light.ended_well"


def find(text: Text, said: Opinion) -> Iterator[Finding]:
    """What the rules find, but for figures of speech."""
    found = tuple(chain.from_iterable(engine.findings(subject, text) for subject in SUBJECTS))
    if not _is_over(text, said):
        yield from (finding for finding in found if not _is_figure_of_speech(finding, found, said))


def _is_over(text: Text, said: Opinion) -> bool:
    """Told of long ago, with the good end that it had, and nothing else beside it."""
    return said.danger < learned.OVER and LONG_AGO in text.cues and GOOD_END in text.cues


def _is_figure_of_speech(finding: Finding, found: Collection[Finding], said: Opinion) -> bool:
    """One phrase alone. What was said twice, in two ways, was meant."""
    alone = len(found) == 1 and len(finding.cues) == 1
    return alone and finding.rule.startswith(FIGURATIVE) and said.danger < learned.HARMLESS


def second_opinion(text: Text, found: Collection[Finding], said: Opinion) -> Iterator[Finding]:
    """Where no rule saw danger."""
    if not (said.loudest and learned.is_spoken_of(text)) or any(finding.urgency is Urgency.NOW for finding in found):
        return
    if said.danger >= (learned.DOUBT if _is_doubtful(text) else learned.THRESHOLD):
        yield learned.finding(said)


def _is_doubtful(text: Text) -> bool:
    """By its words alone: what else was found in it does not change who is in danger."""
    of_a_medicine = all(any(group.startswith(subject) for group in text.cues) for subject in SIDE_EFFECT)
    return of_a_medicine or any(group.startswith(DOUBTFUL) for group in text.cues)
