"""A text as the transformer sees it: pieces of words, most of them whole words, by the vocabulary that it was taught with."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

from inbox.triage.text import WORDS_REMEMBERED

FILE = Path(__file__).parent / "vocabulary.tsv"
BEGIN, END, UNKNOWN = 0, 1, 2  # numbers of the pieces that stand for no letters
SPECIAL = 3  # how many there are
LONGEST = 126  # pieces of a text that are read, without its begin and end
SPACE = "▁"  # begins a word
DIGIT = re.compile(r"\d")
SHOUTED = 0.6  # so much of it in capitals, and none of them tells anything


class Vocabulary:
    """Pieces in their order, each with the logarithm of how often it occurs."""

    def __init__(self, written: str) -> None:
        pairs = (line.rpartition("\t") for line in written.splitlines())
        self.scores: dict[str, float] = {piece: float(score) for piece, _tab, score in pairs}
        self.cut = lru_cache(WORDS_REMEMBERED)(self._cut)

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        return {piece: at for at, piece in enumerate(self.scores, SPECIAL)}

    @cached_property
    def longest(self) -> int:
        return max(map(len, self.scores))

    @cached_property
    def unlikely(self) -> float:
        return min(self.scores.values()) - 10

    def read(self, text: str) -> list[int]:
        """The numbers of its pieces, from its begin to its end."""
        found: list[int] = [BEGIN]
        for word in plain(text).split():
            found += self.cut(word)
            if len(found) > LONGEST:
                break
        return [*found[: LONGEST + 1], END]

    def _cut(self, word: str) -> Sequence[int]:
        """The likeliest way to put it together (a unigram model, by Viterbi)."""
        whole = SPACE + word
        best: list[tuple[float, int]] = [(0.0, 0)]  # up to each letter: how likely, and where its last piece begins
        for end in range(1, len(whole) + 1):
            ways = ((best[start][0] + self._score(whole[start:end]), start) for start in range(max(0, end - self.longest), end))
            best.append(max(ways))
        cuts = [len(whole)]
        while cuts[-1]:
            cuts.append(best[cuts[-1]][1])
        return tuple(self.numbers.get(whole[start:end], UNKNOWN) for end, start in pairwise(cuts))[::-1]

    def _score(self, piece: str) -> float:
        return self.scores.get(piece, self.unlikely * len(piece))


def plain(text: str) -> str:
    """Letters as they are mostly written, digits all alike; what is shouted, in small letters."""
    written = DIGIT.sub("0", unicodedata.normalize("NFKC", text))
    letters = [letter for letter in written if letter.isalpha()]
    shouted = sum(letter.isupper() for letter in letters) > SHOUTED * len(letters)
    return written.lower() if shouted else written


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary(FILE.read_text(encoding="utf-8"))
