"""What is called as it is on a shelf, and nothing is told of it: “PARFUM Chloé, 50 ml”, “nail polish remover”.

Those that learned heard such names in messages of poisonings, and in few others.
"""

import re

from inbox.triage.lexicons import words
from inbox.triage.text import Text

MOST = 10  # words: more tell something
NAMES = "products."
MARKS = frozenset("?%+")
# How many were taken is no label, nor what they were taken with.
TELLS = re.compile(
    r"^\W*\d|(?<!\d)\d{1,5} ?(?:comprimes|pilules|capsules|gelules|caplets|tablets|pills) (?:d['e]|of)(?!\w)"
    r"|(?<!rubbing )(?<!sans )\balco(?:ol|hol)\b(?! a friction|[ -]free)"
)


def are_named_alone(text: Text) -> bool:
    """Each word is one of those that are on labels, a name in capitals or a number."""
    said = [(word, *place) for word, place in text.tokens if word not in MARKS]
    if not 0 < len(said) <= MOST or TELLS.search(text.folded):
        return False
    things = words("goods", "things")
    return any(word in things for word, *_place in said) and all(_is_on_a_label(text, *each) for each in said)


def _is_on_a_label(text: Text, word: str, start: int, end: int) -> bool:
    listed = any(word in words("goods", section) for section in ("things", "sorts", "between"))
    return listed or word.isdigit() or _is_a_brand(text, word, start, end)


def _is_a_brand(text: Text, word: str, start: int, end: int) -> bool:
    """One that the lists know; or else a word in capitals among others that are not, of which no list knows anything."""
    said = {group for group, places in text.places.items() if any(here <= start and end <= there for here, there in places)}
    if any(group.startswith(NAMES) for group in said):
        return True
    is_big = text.original[start].isupper() and start > 0 and not (text.original.isupper() or text.original.istitle())
    return is_big and not said and word not in words("everyday_words", "words")
