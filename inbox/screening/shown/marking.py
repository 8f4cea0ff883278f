"""The words of a message, cut where something was seen in them, so that a page can underline them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from inbox.models import Finding
from inbox.triage.identifiers import Hidden, between


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    findings: tuple[Finding, ...] = ()  # in which these words stand

    @property
    def family(self) -> str:
        """Of the gravest, which gives the line its colour."""
        return min(self.findings, key=lambda finding: (finding.urgency, finding.pk)).family if self.findings else ""


def pieces(text: str, findings: Iterable[Finding], hidden: Sequence[Hidden] = ()) -> list[Piece]:
    """All of the text, in order. Findings may overlap: a piece begins and ends wherever one of them does, but what is hidden
    stays in one piece."""
    found = [finding for finding in findings if finding.start < finding.end]
    edges = {0, len(text), *(min(edge, len(text)) for finding in found for edge in (finding.start, finding.end))}
    edges |= {edge for stretch in hidden for edge in (stretch.start, stretch.end)}
    ordered = sorted(edge for edge in edges if not any(stretch.start < edge < stretch.end for stretch in hidden))
    return [
        Piece(between(text, hidden, start, end), tuple(finding for finding in found if finding.overlaps(start, end)))
        for start, end in pairwise(ordered)
    ]
