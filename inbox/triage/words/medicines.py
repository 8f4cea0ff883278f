"""The names of medicines, one word each, as the lists of products write them."""

import re
from collections.abc import Collection, Iterator
from functools import cache, lru_cache

from inbox.triage.lexicons import fold, words
from inbox.triage.text import Text
from inbox.triage.words import lexicon

KINDS = ("products.any", "products.emoji")  # kinds of products are called by everyday words
_NAME = re.compile(r"(?:\(l\|d\)\?)?([^\W\d_]+)\*?")


def of_products(*, but: Collection[str] = KINDS) -> Iterator[str]:
    """Folded. Those of products.toml and products.txt that are one word."""
    for group in lexicon.groups().values():
        if group.name.startswith("products.") and group.name not in but:
            yield from (name[1] for entry in map(fold, group.entries) if (name := _NAME.fullmatch(entry)))


@cache
def names() -> frozenset[str]:
    """Folded, with those that are sold on prescription."""
    return frozenset(of_products()) | words("rx_names", "names")


@lru_cache(1000)
def called(products: tuple[str, ...]) -> re.Pattern[str]:
    """Whole names in a folded text, the longest first, as one may begin with another."""
    names = sorted((r"\s+".join(map(re.escape, Text(name).folded.split())) for name in products), key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(names)})(?![^\W_])")
