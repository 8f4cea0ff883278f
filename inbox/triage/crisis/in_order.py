"""What the network and the transformer say of danger: how it is told, beside which words (learned.py) it is told in.

Jokes and thanks never make a danger smaller: it is heard with and without them, and the worse counts.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import log

from inbox.triage import network, transformer
from inbox.triage.crisis.learned import BY_OTHERS, JOKES_AND_THANKS, KINDS, SHOWN, Opinion, opinion
from inbox.triage.findings import Cue
from inbox.triage.network import SUREST, Heard, Piece, odds
from inbox.triage.text import Text
from inbox.triage.transformer import Meant

COUNTS = 0.5  # beside what the words say: by measuring, on 7,800 messages that neither had been taught
MEANT = 0.75  # the same of what the transformer says, on 3,500 messages; fitted to the half of it, and still best with both
OF_OTHERS = 0.5  # the same, of what the words say of what others do
LESS_OFTEN = 0.8  # so much surer must be what others do, where nothing else speaks of danger
HOPELESS = -3.0  # nothing makes a danger of less: neither what others might do nor the transformer need be asked
UNLIKELY = -2.5  # nor of less than this, where no rule found any
UNHEARD = -5.0  # what says less of danger by its order, or of what others do, says none: of 679 that were found, none
TELLING = 3  # letters that a word needs to explain anything


@dataclass(frozen=True)
class Told:
    worst: Piece
    texts: Sequence[Text] = field(compare=False)  # as it came; and without jokes, where there are any

    @cached_property
    def meant(self) -> Meant:
        """What the transformer says, of the worst."""
        said = (meant for text in self.texts for meant in transformer.in_pieces(text))
        return max(said, key=lambda meant: meant.danger)

    @cached_property
    def danger(self) -> float:
        """Above zero where it is likelier than not."""
        return odds(self.worst.heard.danger)

    @cached_property
    def by_others(self) -> float:
        """The same, of what somebody does to others."""
        return odds(_by_others(self.worst.heard))

    @cached_property
    def kinds(self) -> Mapping[str, float]:
        return self.worst.heard.dangers


def together(said: Opinion, told: Told) -> float:
    """What the words and their order say of danger: of any, or of what others do."""
    of_any = _of_any(said, told)
    if of_any < HOPELESS:
        return of_any
    meant = MEANT * odds(told.meant.danger)
    of_any += OF_OTHERS * said.by_others
    return meant + max(of_any, said.by_others + COUNTS * told.by_others - LESS_OFTEN)


def _of_any(said: Opinion, told: Told) -> float:
    return said.danger + COUNTS * told.danger


def may_be_danger(text: Text) -> bool:
    """Whether the transformer need be asked where no rule found any: the quickest says first, of the words their order."""
    heard = told(text)
    return is_heard(heard.worst.heard) and _of_any(by_words(text), heard) >= UNLIKELY


def is_heard(said: Heard) -> bool:
    """Whether the order of the words says anything of danger, or of what somebody does to others."""
    return max(odds(said.danger), odds(_by_others(said))) >= UNHEARD


def _by_others(said: Heard) -> float:
    kinds = said.dangers
    return sum(kinds[kind] for kind in BY_OTHERS)


def kind_of(said: Opinion, told: Told) -> str:
    def says(kind: str) -> float:
        likely, meant = (log(max(kinds[kind], SUREST)) for kinds in (told.kinds, told.meant.dangers))
        return said.scores[kind] + COUNTS * likely + MEANT * meant

    return max((*KINDS, *BY_OTHERS), key=says)


@lru_cache(network.REMEMBERED)
def by_words(text: Text) -> Opinion:
    """What the words say, in whichever order."""
    return opinion(text)


@lru_cache(network.REMEMBERED)
def told(text: Text) -> Told:
    """The worst of it counts."""
    jokes = {at for found in JOKES_AND_THANKS.finditer(text.folded) for at in range(*found.span())}
    pieces = network.in_pieces(text)
    plain = [_without(piece, jokes) for piece in pieces] if jokes else []
    worst = max((*pieces, *plain), key=lambda piece: piece.heard.danger)
    return Told(worst, (text, _cut(text, jokes)) if jokes else (text,))


def _cut(text: Text, letters: Collection[int]) -> Text:
    return Text("".join(" " if at in letters else letter for at, letter in enumerate(text.original)))


def _without(whole: Piece, jokes: Collection[int]) -> Piece:
    kept = [at for at, (start, end) in enumerate(whole.spans) if not (start in jokes and end - 1 in jokes)]
    return whole if len(kept) == len(whole.words) else whole.only(kept)


def cues(told: Told) -> Sequence[Cue]:
    """The words without which the danger would be smallest, in the order of the text."""
    spans = told.worst.spans
    without = {
        span: told.worst.only([other for other in range(len(spans)) if other != at]).heard.danger
        for at, span in enumerate(spans)
        if span[1] - span[0] >= TELLING
    }
    loudest = sorted(without, key=lambda span: without[span])[:SHOWN] or spans[:1]
    return tuple(Cue("word", *span) for span in sorted(loudest))
