"""How a thing is told, whatever its words: “mes genoux ont gelé depuis la rose” as “my knees froze since the pink one”.

Each word counts as its kind where it has one (lexicons/kinds.txt), each product as one, however many words it has.
"""

from collections.abc import Container, Iterator, Mapping
from functools import cache
from itertools import pairwise

from inbox.triage import lexicons
from inbox.triage.safety.scene import Product, Scene
from inbox.triage.text import Text
from inbox.triage.topics.features import Feature, Token

ALOUD = 0.7  # how loudly each speaks
UNNAMED = frozenset({"any", "emoji", "skin", "supplement"})
NOWHERE = (0, 0)
START, END = ("^", NOWHERE), ("$", NOWHERE)


def shapes(scene: Scene, known: Container[str]) -> Iterator[Feature]:
    """Kinds, and what stands beside them: those that the weights know, some more than once."""
    said = list(_said(scene))
    yield from (Feature(word, ALOUD, (here,)) for word, here in said if _is_kind(word) and word in known)
    for (one, here), (other, there) in pairwise((START, *said, END)):
        if (_is_kind(one) or _is_kind(other)) and (name := f"{one}|{other}") in known:
            yield Feature(name, ALOUD, tuple(span for span in (here, there) if span != NOWHERE))


def speaks_of(text: Text, kind: str) -> bool:
    known = kinds()
    return any(known.get(word) == f"<{kind}>" for word, _here in text.tokens)


def _said(scene: Scene) -> Iterator[Token]:
    told: Product | None = None
    known, products = kinds(), scene.products
    for word, here in scene.text.tokens:
        product = next((one for one in products if one.start <= here[0] < one.end), None) if products else None
        if product is None:
            yield known.get(word, word), here
        elif product is not told:
            yield _kind_of(product), (product.start, product.end)
            told = product


def _kind_of(product: Product) -> str:
    if "vaccine" in product.classes:
        return "<vaccine>"
    return "<product>" if product.classes <= UNNAMED else "<named>"


def _is_kind(word: str) -> bool:
    return word.startswith("<") and len(word) > 1


@cache
def kinds() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for kind in lexicons.lines("kinds"):
        for word in lexicons.words("kinds", kind):
            found.setdefault(word.replace("œ", "oe"), f"<{kind}>")
    return found
