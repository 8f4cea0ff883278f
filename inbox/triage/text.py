"""A text as triage reads it. Positions are always those of the text as it came."""

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import NamedTuple

from inbox.triage.findings import Cue
from inbox.triage.words import lexicon, scripts

MARKS = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "`": "'",
    "´": "'",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "—": "-",
    "−": "-",
    "“": '"',
    "”": '"',
}
# What the word lists do not write: ligatures, marks that stand alone, nothings between letters, letters held down.
UNEVEN = re.compile(rf"œ|æ|[\u0300-\u036f{scripts.SILENT}]+|[\u00ad\u200b-\u200f\u2060\ufe0e\ufe0f]+|([^\W\d_w])\1{{2,}}")
LIGATURES = {"œ": "oe", "æ": "ae"}
WORD = re.compile(rf"[^\W_{scripts.RUN_ON}]+|[{scripts.RUN_ON}]")
HELD_DOWN = re.compile(r"([^\W\d_])\1{2,}")
WORDS_REMEMBERED = 20_000
SENTENCE = re.compile(rf"[.!?…]+(?=\s|$|[{scripts.RUN_ON}])|[。؟۔।]+|\n+")
BUT = "mais|but|sauf que|par contre|however|though|pero|porem|αλλα|але|но|لكن|ولكن"
CLAUSE = re.compile(rf"[;:()،؛、]+|,(?!\d)|\s-+\s|(?<!\w)(?:{BUT})(?!\w)")


class Span(NamedTuple):
    start: int
    end: int


Place = tuple[int, int]


class Text:
    def __init__(self, original: str) -> None:
        self.original = original

    @cached_property
    def folded(self) -> str:
        """Without accents, case and typographic marks, and as long as the original. œ and æ stay."""
        return self.original.translate(_FOLD)

    @cached_property
    def words(self) -> tuple[Span, ...]:
        return tuple(Span(*found.span()) for found in WORD.finditer(self.folded))

    @cached_property
    def tokens(self) -> tuple[tuple[str, Place], ...]:
        """Each word, emoji, ? and ! as it counts to those that learn, and where it stands."""
        return tuple([(written(found[0]), found.span()) for found in lexicon.TOKEN.finditer(self.folded)])

    @cached_property
    def pairs(self) -> tuple[tuple[str, Place, Place], ...]:
        """Each of them with the one before, as those that learn read the two."""
        return tuple(pairs(self.tokens))

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        return _parts(Span(0, len(self.folded)), SENTENCE, self.folded)

    @cached_property
    def clauses(self) -> tuple[Span, ...]:
        return tuple(clause for sentence in self.sentences for clause in _parts(sentence, CLAUSE, self.folded))

    @cached_property
    def cues(self) -> Mapping[str, tuple[Cue, ...]]:
        """Of each group of the lexicons ("crisis.wish"), where it was found, in the order of the text."""
        plain, places = self._plain
        hits = lexicon.hits(plain)
        if places is not None:
            hits = [Cue(hit.kind, places[hit.start], places[hit.end - 1] + 1) for hit in hits]
        found: dict[str, list[Cue]] = defaultdict(list)
        for hit in hits:
            found[hit.kind].append(hit)
        return {group: tuple(cues) for group, cues in found.items()}

    @cached_property
    def places(self) -> Mapping[str, tuple[Place, ...]]:
        """Where the cues of each group stand."""
        return {group: tuple([(cue.start, cue.end) for cue in cues]) for group, cues in self.cues.items()}

    def any_of(self, groups: Iterable[str]) -> tuple[Cue, ...]:
        """The cues of several groups, in the order of the text."""
        found = [cue for group in groups for cue in self.cues.get(group, ())]
        return tuple(sorted(found, key=lambda cue: (cue.start, -cue.end)))

    def sentence(self, at: int) -> Span:
        return _holding(self.sentences, at)

    def clause(self, at: int) -> Span:
        return _holding(self.clauses, at)

    def words_between(self, one: Span | Cue, other: Span | Cue) -> int:
        first, second = sorted((one, other), key=lambda span: span.start)
        return max(0, self._word(second.start) - self._word(max(first.start, first.end - 1)) - 1)

    def _word(self, at: int) -> int:
        return bisect_right(self.words, at, key=lambda word: word.start)

    @cached_property
    def _plain(self) -> tuple[str, list[int] | None]:
        """As the lexicons write, and where each of its letters stands in the original (None: in the same place)."""
        if not UNEVEN.search(self.folded):
            return self.folded, None
        written, places, at = [], list[int](), 0
        for found in UNEVEN.finditer(self.folded):
            new = LIGATURES.get(found[0], found[1] or "")
            written += [self.folded[at : found.start()], new]
            places += [*range(at, found.start()), *[found.start()] * len(new)]
            at = found.end()
        return "".join([*written, self.folded[at:]]), [*places, *range(at, len(self.folded))]


def pairs(said: Iterable[tuple[str, Place]]) -> Iterator[tuple[str, Place, Place]]:
    before, there = "^", (0, 0)
    for word, here in said:
        yield f"{before} {word}", there, here
        before, there = word, here


@lru_cache(WORDS_REMEMBERED)
def written(token: str) -> str:
    """Which number it is says nothing; that it is one, and how long, does."""
    if token.isdigit():
        return "0" * min(len(token), 4)
    return HELD_DOWN.sub(r"\1", token).replace("œ", "oe").replace("æ", "ae")


class _Fold(dict[int, str]):
    """One letter for one letter, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        plain = MARKS.get(letter) or scripts.letter(letter) or unicodedata.normalize("NFKD", letter.lower())[:1].strip() or letter
        self[code] = " " if letter.isspace() and letter != "\n" else plain
        return self[code]


_FOLD = _Fold()


def _parts(whole: Span, boundary: re.Pattern[str], folded: str) -> tuple[Span, ...]:
    parts, at = [], whole.start
    for found in boundary.finditer(folded, whole.start, whole.end):
        parts.append(Span(at, found.end()))
        at = found.end()
    if at < whole.end or not parts:
        parts.append(Span(at, whole.end))
    return tuple(parts)


def _holding(parts: tuple[Span, ...], at: int) -> Span:
    return parts[max(0, bisect_right(parts, at, key=lambda part: part.start) - 1)]
