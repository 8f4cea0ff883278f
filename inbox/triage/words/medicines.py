"""The names of medicines, one word each, as the lists of products write them."""

import re
from collections.abc import Iterator
from functools import cache

from inbox.triage.lexicons import fold, words
from inbox.triage.words import lexicon

KINDS = ("products.any", "products.emoji")  # kinds of products are called by everyday words
_NAME = re.compile(r"(?:\(l\|d\)\?)?([^\W\d_]+)\*?")


def of_products() -> Iterator[str]:
    """Folded. Those of products.toml and products.txt that are one word."""
    for group in lexicon.groups().values():
        if group.name.startswith("products.") and group.name not in KINDS:
            yield from (name[1] for entry in map(fold, group.entries) if (name := _NAME.fullmatch(entry)))


@cache
def names() -> frozenset[str]:
    """Folded, with those that are sold on prescription."""
    return frozenset(of_products()) | words("rx_names", "names")
