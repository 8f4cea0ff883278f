"""The bodies that we know, taken apart: one part at a time missing, doubled, or something that no platform would say."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from inbox import platforms
from tests.inbox.platforms.contract import FIXTURES

LONG, DEPTH = 1000, 200


def _deep(wrap: Callable[[Any], Any]) -> Any:
    value: Any = "x"
    for _ in range(DEPTH):
        value = wrap(value)
    return value


WORDS = ["", "x", "a\0b", "\ud83d", "9" * 301, "é" * 5000]
NESTED = [[], [None], [[]], {}, {"id": None}, _deep(lambda inner: [inner]), _deep(lambda inner: {"id": inner})]
ODD = [None, True, 7, -1, 10**30, 1.5, *WORDS, *NESTED]


def mutations(value: Any) -> Iterator[Any]:
    """This with one part of it at a time missing, or something else."""
    yield from ODD
    if isinstance(value, dict):
        for key in value:
            rest = {name: each for name, each in value.items() if name != key}
            yield rest
            yield from (rest | {key: odd} for odd in mutations(value[key]))
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from ([*value[:number], odd, *value[number + 1 :]] for odd in mutations(each))
        yield (value * LONG)[:LONG]


def sent_by(family: str) -> list[Path]:
    """Every body that its platforms send."""
    slugs = [slug for slug in platforms.of_family(family) if (FIXTURES / slug).is_dir()]
    return sorted(path for slug in slugs for path in FIXTURES.glob(f"{slug}/*.json"))


def mutated(body: Any) -> Iterator[Any]:
    """Also what is told in Base64 inside, as Google's notes are."""
    yield from mutations(body)
    try:
        note = json.loads(base64.b64decode(body["message"]["data"], validate=True))
    except (KeyError, TypeError, ValueError):
        return
    for odd in mutations(note):
        data = base64.b64encode(json.dumps(odd).encode()).decode()
        yield body | {"message": body["message"] | {"data": data}}
