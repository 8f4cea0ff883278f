"""What the network says of danger: how it is told, beside which words (learned.py) it is told in.

Jokes and thanks never make a danger smaller: it is heard with and without them, and the worse counts.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import log

from inbox.triage import network
from inbox.triage.crisis.learned import BY_OTHERS, JOKES_AND_THANKS, KINDS, SHOWN, Opinion
from inbox.triage.findings import Cue
from inbox.triage.network import Heard
from inbox.triage.network.inputs import Input
from inbox.triage.network.inputs import read as read_input
from inbox.triage.text import Text

COUNTS = 0.5  # beside what the words say: by measuring, on 7,800 messages that neither had been taught
OF_OTHERS = 0.5  # the same, of what the words say of what others do
SUREST = 1e-4  # nothing is surer
TELLING = 3  # letters that a word needs to explain anything


@dataclass(frozen=True)
class Told:
    whole: Heard
    plainly: Heard  # without jokes and thanks
    input: Input  # what was heard, the worse of both

    @property
    def worse(self) -> Heard:
        return max((self.whole, self.plainly), key=lambda heard: heard.danger)

    @cached_property
    def danger(self) -> float:
        """Above zero where it is likelier than not, as far as the learned words go."""
        likely = min(max(self.worse.danger, SUREST), 1 - SUREST)
        return log(likely / (1 - likely))

    @cached_property
    def kinds(self) -> Mapping[str, float]:
        return self.worse.dangers


def together(said: Opinion, told: Told) -> float:
    """What the words and their order say of danger, of whichever kind."""
    return said.danger + COUNTS * told.danger + OF_OTHERS * said.by_others


def kind_of(said: Opinion, told: Told) -> str:
    return max((*KINDS, *BY_OTHERS), key=lambda kind: said.scores[kind] + COUNTS * log(max(told.kinds[kind], SUREST)))


@lru_cache(network.REMEMBERED)
def told(text: Text) -> Told:
    whole = read_input(text)
    heard = network.heard(text)
    plain = _without(whole, {at for found in JOKES_AND_THANKS.finditer(text.folded) for at in range(*found.span())})
    if plain is None:
        return Told(heard, heard, whole)
    plainly = network.learned().heard(plain)
    return Told(heard, plainly, plain if plainly.danger > heard.danger else whole)


def _without(whole: Input, jokes: Collection[int]) -> Input | None:
    """None where there are none."""
    kept = [at for at, (start, end) in enumerate(whole.spans) if not (start in jokes and end - 1 in jokes)]
    return None if len(kept) == len(whole.words) else _only(whole, kept)


def cues(told: Told) -> Sequence[Cue]:
    """The words without which the danger would be smallest, in the order of the text."""
    heard = told.input
    without = {
        span: network.learned().heard(_only(heard, [other for other in range(len(heard.spans)) if other != at])).danger
        for at, span in enumerate(heard.spans)
        if span[1] - span[0] >= TELLING
    }
    loudest = sorted(without, key=lambda span: without[span])[:SHOWN] or heard.spans[:1]
    return tuple(Cue("word", *span) for span in sorted(loudest))


def _only(whole: Input, kept: Sequence[int]) -> Input:
    return Input([whole.words[at] for at in kept], [whole.groups[at] for at in kept], [whole.spans[at] for at in kept])
