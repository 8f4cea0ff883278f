"""What the network and the transformer are taught, all examples of topics, dangers and adverse events,
and how far off they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional as F

from inbox.triage.crisis import train as of_dangers
from inbox.triage.network.layers import SAFE
from inbox.triage.safety import train as of_adverse_events
from inbox.triage.text import Text
from inbox.triage.topics import train as of_topics

KINDS = (SAFE, *of_dangers.KINDS, *of_dangers.BY_OTHERS)
IN_DANGER = 2.0  # how much one in danger counts beside one who is not
DANGERS_COUNT = 1.5  # beside topics and adverse events
OURS = 1.5  # what was written for the line between danger and none
NOT_SAID = -100  # of what nobody said of an example
SMOOTHED = 0.05


@dataclass
class Example:
    text: Text
    topic: str | None = None
    danger: str | None = None
    adverse: bool | None = None
    counts: float = 1.0


def examples() -> list[Example]:
    found: dict[str, Example] = {}

    def example(text: Text) -> Example:
        return found.setdefault(text.original.lower(), Example(text))

    for topical in of_topics.examples():
        example(topical.read).topic = topical.topic
    for dangerous in of_dangers.examples():
        one = example(dangerous.text)
        one.danger, one.counts = dangerous.danger, OURS if dangerous.ours else 1.0
    for adverse in of_adverse_events.examples():
        example(adverse.text).adverse = adverse.adverse
    return list(found.values())


def topics_of(known: Sequence[Example]) -> list[str]:
    return sorted({one.topic for one in known if one.topic})


def missed(topics: list[str], said: Any, some: Sequence[Example]) -> Any:
    """How far what it said is from what was wanted. said: of each example, topics, kinds of danger, an adverse event."""
    of_topics, of_dangers, of_adverse = said.split([len(topics), len(KINDS), 1], 1)
    topic, danger, adverse, counts = _wanted(topics, some)
    total = said.sum() * 0
    if (topic != NOT_SAID).any():
        total = total + F.cross_entropy(of_topics, topic, ignore_index=NOT_SAID, label_smoothing=SMOOTHED)
    if (judged := danger != NOT_SAID).any():
        weights = torch.tensor([1.0, *([IN_DANGER] * (len(KINDS) - 1))])
        each = F.cross_entropy(of_dangers, danger, weight=weights, ignore_index=NOT_SAID, reduction="none")
        total = total + DANGERS_COUNT * (each * counts)[judged].mean()
    if (judged := adverse != NOT_SAID).any():
        each = F.binary_cross_entropy_with_logits(of_adverse[judged, 0], adverse[judged], reduction="none")
        total = total + (each * counts[judged]).mean()
    return total


def _wanted(topics: list[str], some: Sequence[Example]) -> tuple[Any, Any, Any, Any]:
    topic = [topics.index(one.topic) if one.topic in topics else NOT_SAID for one in some]
    danger = [NOT_SAID if one.danger is None else KINDS.index(one.danger) for one in some]
    adverse = [NOT_SAID if one.adverse is None else float(one.adverse) for one in some]
    return torch.tensor(topic), torch.tensor(danger), torch.tensor(adverse), torch.tensor([one.counts for one in some])
