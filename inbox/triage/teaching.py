"""What those that learn share: reading examples, and what counts before anything is learned. Not needed to read a message."""

import json
from collections import Counter
from collections.abc import Container, Iterable
from itertools import chain
from pathlib import Path
from typing import Any

SEEN = 2  # times that a feature must occur


class Everything:
    """Before anything is learned, every feature counts but the pieces of known words."""

    def __init__(self, words: Container[str]) -> None:
        self.words = words

    def __contains__(self, name: object) -> bool:
        return not (str(name).startswith("_") and str(name).endswith("_")) or name in self.words


def lines(folder: Path) -> Iterable[dict[str, Any]]:
    for path in sorted(folder.glob("*.jsonl")):
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def often(names: Iterable[Iterable[str]]) -> set[str]:
    """Those that enough examples have."""
    return {name for name, count in Counter(chain.from_iterable(names)).items() if count >= SEEN}
