"""What the detectors found in a text, and what their word lists say of it, as the learned weights see it."""

from collections.abc import Container, Iterator, Sequence
from functools import cache
from itertools import combinations

from inbox.triage.findings import Finding
from inbox.triage.text import Text
from inbox.triage.topics.features import MEANING, READ, Feature, seen

OF_IDENTIFIERS = "identifiers."
FOUND, PART, TOGETHER, LISTED = 2.0, 1.0, 1.0, 1.5  # how loudly each kind speaks: by trying, on the corpus
# Which of the two comes first is a matter of when: what goes on now, and what a medicine did last week.
WHEN = {"emergency", "adverse_event"}


def of_cues(text: Text, hidden: Sequence[Finding], known: Container[str]) -> Iterator[Feature]:
    """The word lists of the detectors: half of what makes a finding is a hint already."""
    for group, places in text.places.items():
        if (name := _of_group(group)) and name in known and (spans := seen(places, hidden)):
            yield Feature(name, LISTED, spans)


@cache
def _of_group(group: str) -> str:
    """ "" for a group of another list."""
    return "" if group.startswith((*READ, OF_IDENTIFIERS)) else f"={group}"


def of_findings(text: Text, findings: Sequence[Finding]) -> Iterator[Feature]:
    spans = {finding.type: ((finding.start, finding.end),) for finding in findings}
    for finding in findings:
        span = ((finding.start, finding.end),)
        yield Feature(f"!{finding.type}", FOUND, span)
        yield Feature(f"!{finding.type}/{finding.confidence}", FOUND, span)
        if finding.serious:
            yield Feature("!serious", FOUND, span)
        if finding.special:
            yield Feature(f"!special {finding.special}", PART, span)
    for one, other in combinations(sorted(spans), 2):
        yield Feature(f"!{one}&{other}", TOGETHER, spans[one] + spans[other])
    if not findings:
        yield Feature("!nothing", PART, ())
    elif spans.keys() >= WHEN:
        yield from _when(text)


def _when(text: Text) -> Iterator[Feature]:
    for group, cues in text.cues.items():
        if group.startswith(MEANING):
            yield Feature(f"!when {group.removeprefix(MEANING)}", TOGETHER, ((cues[0].start, cues[0].end),))
