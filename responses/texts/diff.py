"""What changed between two texts, word by word. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_PIECES = re.compile(r"\{\w+\}|\w+(?:[’'-]\w+)*|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Change:
    kind: Literal["same", "added", "removed"]
    text: str


def changes(before: str, after: str) -> list[Change]:
    """The way from one text to the other: joined without what was added it is `before`, without what was removed `after`."""
    return list(_joined(_changes(_PIECES.findall(before), _PIECES.findall(after))))


def _changes(before: list[str], after: list[str]) -> Iterator[Change]:
    # Without autojunk: a long text has frequent words that matter as much as the others.
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Change("same", "".join(before[i1:i2]))
            continue
        if i1 != i2:
            yield Change("removed", "".join(before[i1:i2]))
        if j1 != j2:
            yield Change("added", "".join(after[j1:j2]))


def _joined(found: Iterator[Change]) -> Iterator[Change]:
    """Two changed words with only a space between them read better as one change."""
    items = list(found)
    while items:
        removed, added = "", ""
        while items and (items[0].kind != "same" or (items[0].text.isspace() and (removed or added) and len(items) > 1)):
            item = items.pop(0)
            removed += item.text if item.kind != "added" else ""
            added += item.text if item.kind != "removed" else ""
        if removed:
            yield Change("removed", removed)
        if added:
            yield Change("added", added)
        if items:
            yield items.pop(0)
