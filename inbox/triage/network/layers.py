"""The network, run: two layers that look at a word among its neighbours, the loudest of each, and all words together."""

from collections.abc import Mapping, Sequence
from functools import cache, cached_property, lru_cache
from math import log
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from inbox.triage.network import inputs
from inbox.triage.text import WORDS_REMEMBERED, Place, Text

FILE = Path(__file__).parent / "weights.npz"
NEAR, FURTHER = 1, 2  # words to each side that the first layer looks at, and steps of the second
SAFE = ""  # the kind of danger that is none
SUREST = 1e-4  # nothing is surer
SURE = log((1 - SUREST) / SUREST)  # the same as odds
UNKNOWN = -1  # the row of a word that was not learned
REMEMBERED = 4  # texts: one is heard for its topics, its dangers and what a medicine did

Numbers = NDArray[np.float32]


class Named(Protocol):
    """What is said in numbers, in their order: topics, then kinds of danger, then an adverse event."""

    @property
    def topics(self) -> Sequence[str]: ...

    @property
    def dangers(self) -> Sequence[str]: ...


class Heard:
    """What is said of a text."""

    def __init__(self, names: Named, said: Numbers) -> None:
        self.names = names
        self.said = said

    @cached_property
    def topics(self) -> Mapping[str, float]:
        """The logarithm of how likely each is."""
        return dict(zip(self.names.topics, _log_shares(self.said[: len(self.names.topics)]).tolist(), strict=True))

    @cached_property
    def dangers(self) -> Mapping[str, float]:
        """How likely each kind is, from 0 to 1; SAFE is none."""
        kinds = self.said[len(self.names.topics) : -1]
        return dict(zip(self.names.dangers, np.exp(_log_shares(kinds)).tolist(), strict=True))

    @property
    def danger(self) -> float:
        return 1.0 - self.dangers[SAFE]

    @property
    def adverse_event(self) -> float:
        """How likely, from 0 to 1."""
        return float(1.0 / (1.0 + np.exp(-self.said[-1])))


def odds(likely: float) -> float:
    """The logarithm of how much likelier it is than not: zero where it is as likely, and never without end."""
    likely = min(max(likely, SUREST), 1 - SUREST)
    return log(likely / (1 - likely))


class Network:
    def __init__(self, path: Path = FILE) -> None:
        with np.load(path) as kept:
            self.digest = str(kept["digest"])
            self.topics: list[str] = kept["topics"].tolist()
            self.dangers: list[str] = kept["dangers"].tolist()
            self.word = {word: at for at, word in enumerate(kept["words"].tolist())}
            self.group = {group: at for at, group in enumerate(kept["group_names"].tolist())}
            self.words, self.pieces, self.groups = (_table(kept, name) for name in ("word", "piece", "group"))
            self.near, self.near_bias, self.far, self.far_bias, self.heads, self.heads_bias = (
                kept[name].astype(np.float32) for name in ("near", "near_bias", "further", "further_bias", "heads", "heads_bias")
            )

        self.spelled = lru_cache(WORDS_REMEMBERED)(self._spelled)

    def heard(self, told: inputs.Input) -> Heard:
        return self.heard_of(self.meant(told))

    def meant(self, told: inputs.Input) -> Numbers:
        """A row of each word: what it says by itself, and the groups in which it stands."""
        rows = [self.word.get(word, UNKNOWN) for word in told.words]
        meant: Numbers = self.words[rows]
        for at, row in enumerate(rows):
            if row == UNKNOWN:
                meant[at] = self.spelled(told.words[at])
        places: list[int] = []
        within: list[int] = []
        for at, groups in enumerate(told.groups):
            if groups:
                known = [self.group[group] for group in groups if group in self.group][: inputs.GROUPS]
                places += [at] * len(known)
                within += known
        np.add.at(meant, places, self.groups[within])
        return meant

    def heard_of(self, meant: Numbers) -> Heard:
        if not len(meant):
            return Heard(self, self.heads_bias)
        together = np.tanh(meant.sum(axis=0) / np.sqrt(np.float32(len(meant))))
        near = _among_neighbours(meant, NEAR, self.near, self.near_bias)
        far = _among_neighbours(near, FURTHER, self.far, self.far_bias)
        state = np.concatenate([near.max(axis=0), far.max(axis=0), together])
        return Heard(self, state @ self.heads + self.heads_bias)

    def _spelled(self, word: str) -> Numbers:
        """Of a word that was not learned, what its pieces say."""
        pieces = list(inputs.pieces(word))
        return self.pieces[pieces].sum(axis=0) / np.float32(max(1, len(pieces)) ** 0.5)


class Piece:
    """Some words of a text that are heard together."""

    def __init__(self, network: Network, words: Sequence[str], spans: Sequence[Place], meant: Numbers) -> None:
        self.network = network
        self.words = words
        self.spans = spans
        self.meant = meant

    @cached_property
    def heard(self) -> Heard:
        return self.network.heard_of(self.meant)

    def only(self, kept: Sequence[int]) -> "Piece":
        """Some of its words, by their places in it."""
        return Piece(self.network, [self.words[at] for at in kept], [self.spans[at] for at in kept], self.meant[kept])


def _among_neighbours(rows: Numbers, step: int, weights: Numbers, bias: Numbers) -> Numbers:
    """Of each row and those a step before and behind it, what the layer hears; never less than nothing."""
    count, width = rows.shape
    seen = np.zeros((count, 3 * width), dtype=np.float32)
    seen[step:, :width] = rows[:-step]
    seen[:, width : 2 * width] = rows
    seen[:-step, 2 * width :] = rows[step:]
    return np.maximum(seen @ weights + bias, np.float32(0))


def _table(kept: Mapping[str, NDArray[np.generic]], name: str) -> Numbers:
    """Rows were kept in whole numbers, each with its scale."""
    return kept[f"{name}_rows"].astype(np.float32) * kept[f"{name}_scales"].astype(np.float32)[:, None]


def _log_shares(said: Numbers) -> Numbers:
    shifted = said - said.max()
    shares: Numbers = shifted - np.log(np.exp(shifted).sum())
    return shares


@cache
def learned() -> Network:
    return Network()


@lru_cache(REMEMBERED)
def in_pieces(text: Text) -> Sequence[Piece]:
    """A long message is heard piece by piece: what matters may stand anywhere."""
    network = learned()
    return [Piece(network, told.words, told.spans, network.meant(told)) for told in inputs.pieces_of(text)]


def put_together(pieces: Sequence[Piece]) -> Piece:
    """The pieces of a long message, each of which begins in the middle of the one before, as one."""
    first, *others = pieces
    words, spans, half = list(first.words), list(first.spans), inputs.LONGEST // 2
    for piece in others:
        words += piece.words[half:]
        spans += piece.spans[half:]
    return Piece(first.network, words, spans, np.concatenate([first.meant, *(piece.meant[half:] for piece in others)]))


def heard(text: Text) -> Heard:
    """How it begins."""
    return in_pieces(text)[0].heard
