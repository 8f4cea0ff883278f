"""Somebody may be in danger: self-harm, emergency, poisoning, a medication error, a threat. The rules are in the lexicons.

What they do not know is for a second opinion, learned from many messages (learned.py): it adds where the words together speak of
danger, and takes a figure of speech back where everything around it is harmless.
"""

from collections.abc import Collection, Iterator
from itertools import chain

from inbox.triage import engine
from inbox.triage.crisis import learned
from inbox.triage.crisis.asides import without
from inbox.triage.findings import Finding, Urgency
from inbox.triage.text import Text

SUBJECTS = ("self_harm", "emergency", "poisoning", "signs", "medication_errors", "threats", "care")
DOUBTFUL = (
    "speech.fiction",
    "speech.awareness",
    "speech.handled",
    "speech.past",
    "speech.annoyance",
    "emergency.made_smaller",
    "exposure.not_taken",
    "idioms.",
    "taken_back.corrected",
    "taken_back.goes_on",
    "taken_back.not_swallowed",
    "light.broken_thing",
    "light.ended_well",
    "light.mild",
    "light.pretend",
    "light.reading_error",
    "self_harm.sulking",
)
FIGURATIVE = ("self_harm.", "emergency.breath")  # people die of laughter, and suffocate in a queue
LITERAL = "signs."  # nobody says them of anything else, and the weights know nothing of them
TOLD_PLAINLY = 2  # more cues than these tell it in so many words
SIDE_EFFECT = ("products.", "reactions.")
LONG_AGO, GOOD_END, AGAIN = "light.long_ago", "light.ended_well", "light.begun_again"


def find(text: Text) -> Iterator[Finding]:
    """What the rules find, but for figures of speech."""
    text = without(text)
    found = tuple(chain.from_iterable(engine.findings(subject, text) for subject in SUBJECTS))
    if found and not _is_over(text):
        yield from (finding for finding in found if not _is_figure_of_speech(finding, found, text))


def _is_over(text: Text) -> bool:
    """Nothing else beside what is told afterwards."""
    return _is_told_afterwards(text) and learned.opinion(text).danger < learned.OVER


def _is_told_afterwards(text: Text) -> bool:
    """Of long ago, with the good end that it had."""
    return LONG_AGO in text.cues and GOOD_END in text.cues and AGAIN not in text.cues


def _is_figure_of_speech(finding: Finding, found: Collection[Finding], text: Text) -> bool:
    """A phrase or two, alone, and everything around them harmless. What was said in several ways was meant."""
    if (
        finding.type not in learned.KINDS
        or finding.rule.startswith(LITERAL)
        or len(found) > 1
        or len(finding.cues) > TOLD_PLAINLY
    ):
        return False
    figurative = len(finding.cues) == 1 and finding.rule.startswith(FIGURATIVE)
    return learned.opinion(text).danger < (learned.HARMLESS if figurative else learned.FAR)


def second_opinion(text: Text, found: Collection[Finding]) -> Iterator[Finding]:
    """Where no rule saw danger."""
    if any(finding.urgency is Urgency.NOW for finding in found):
        return
    text = without(text)
    said = learned.opinion(text)
    if said.danger >= learned.THRESHOLD and said.danger >= _threshold(text) and said.loudest():
        yield learned.finding(said, said.kind, learned.ANY)
    elif said.by_others and not _is_told_lightly(text):
        yield learned.finding(said, said.by_others, said.by_others)


def _threshold(text: Text) -> float:
    if _is_told_afterwards(text):
        return learned.AFTERWARDS
    if not learned.is_spoken_of(text):
        return learned.UNSPOKEN
    return learned.DOUBT if _is_doubtful(text) else learned.THRESHOLD


def _is_doubtful(text: Text) -> bool:
    """By its words alone: what else was found in it does not change who is in danger."""
    of_a_medicine = all(any(group.startswith(subject) for group in text.cues) for subject in SIDE_EFFECT)
    return of_a_medicine or _is_told_lightly(text)


def _is_told_lightly(text: Text) -> bool:
    return any(group.startswith(DOUBTFUL) for group in text.cues)
