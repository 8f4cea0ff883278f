"""The words that somebody looks for, and by which stems they are found."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Self

from django.db import connection

from inbox.triage.identifiers.unread import concealed

LONGEST = 100  # characters that are read
MOST = 8  # words
SHORTEST = 2  # letters of a word
OPEN_ENDED = 3  # letters from which the last word may go on
MOST_DIGITS = 6  # a telephone number has seven without its area, every number of a person more
FEW_DIGITS = rf"(?:\D*\d){{0,{MOST_DIGITS}}}\D*"  # the same for the field: so none of them leaves the browser

# As migration 0039 has them: what parts words, and what becomes of accents.
_WORD = re.compile(
    "[^\0-\x2f\x3a-\x40\x5b-\x60\x7b-\xbf\xd7\xf7\u02b0-\u036f\u2000-\u2bff\u3000-\u303f\ufe00-\ufe0f\ufeff\uff00-\uff0f"
    "\U0001f000-\U0001faff]+"
)
_FOLDED = str.maketrans("àâäáãåçèéêëìíîïñòóôöõùúûüýÿ", "aaaaaaceeeeiiiinooooouuuuyy", "")
_BARE_PARTICIPLE = re.compile("ee(s?)$")

_STEMS = "SELECT word, tsvector_to_array(inbox_search_words(word)) FROM unnest(%s::text[]) AS word"


@dataclass(frozen=True, slots=True)
class Term:
    """One word: any of these stems, or whatever begins so."""

    stems: frozenset[str]
    start: str = ""

    def takes(self, stems: Iterable[str]) -> bool:
        return any(stem in self.stems or (self.start and stem.startswith(self.start)) for stem in stems)

    @property
    def query(self) -> str:
        any_of = [f"'{stem}'" for stem in sorted(self.stems)]
        if self.start:
            any_of.append(f"'{self.start}':*")
        return f"({' | '.join(any_of)})"


@dataclass(frozen=True, slots=True)
class Asked:
    """All of them are to be there. No terms: nothing of what was typed can be looked for."""

    terms: tuple[Term, ...]

    @classmethod
    def read(cls, text: str) -> Self:
        typed = [word for word in words(text) if len(word) >= SHORTEST][:MOST]
        known = stems({*typed, *map(_accented, typed)})
        terms = [Term(known[word] | known[_accented(word)], _start(word) if word is typed[-1] else "") for word in typed]
        return cls(tuple(term for term in terms if term.stems))  # one without is a word without meaning, such as “de”

    @property
    def query(self) -> str:
        return " & ".join(term.query for term in self.terms)

    @property
    def initials(self) -> set[str]:
        """With one of these begins whatever is found: no stem begins otherwise than its word."""
        return {stem[0] for term in self.terms for stem in (*term.stems, term.start) if stem}

    def is_in(self, stems: Collection[Iterable[str]]) -> bool:
        """stems: of each word of a text."""
        return all(any(term.takes(each) for each in stems) for term in self.terms)


def clean(text: str) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * LONGEST])
    return " ".join(printable.split())[:LONGEST].strip()


def points_to_somebody(text: str) -> bool:
    """What may stand neither in an address nor in a log, and is not to be tried out: health numbers, telephones, addresses."""
    return sum(map(str.isdigit, text)) > MOST_DIGITS or bool(concealed(text))


def words(text: str) -> list[str]:
    return _WORD.findall(plain(text))


def places_of_words(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in _WORD.finditer(text)]


def plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()


def folded(word: str) -> str:
    return plain(word).replace("œ", "oe").replace("æ", "ae").translate(_FOLDED)


def stems(of: Collection[str]) -> dict[str, frozenset[str]]:
    """As the database makes them: it has the stemmers."""
    if not of:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_STEMS, [sorted(of)])
        return {word: frozenset(found) for word, found in cursor.fetchall()}


def _accented(word: str) -> str:
    """“fermees” as it is meant: the stemmer knows a participle by its accent alone."""
    return _BARE_PARTICIPLE.sub(r"ée\1", word)


def _start(word: str) -> str:
    return folded(word) if len(word) >= OPEN_ENDED else ""
