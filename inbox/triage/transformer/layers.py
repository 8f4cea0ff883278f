"""The transformer, run by ONNX Runtime on one core."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache, cached_property, lru_cache
from math import exp
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from inbox.triage.network import CORPORA
from inbox.triage.network.layers import REMEMBERED, Heard, Numbers, odds
from inbox.triage.text import Text
from inbox.triage.transformer.pieces import vocabulary

HERE = Path(__file__).parent
HALF, WHOLE = HERE / "half.onnx", HERE / "whole.onnx"  # the lower six layers, and all twelve: each taught for itself
LARGEST = HERE / "largest.onnx"  # one multiplication of the largest whole numbers there are
LARGEST_WEIGHT = 127
EXACT = ("session.x64quantprecision", "1")
AT_ONCE = 60  # words: of a longer message, a few that matter are lost among the others
PIECE = 40  # words that are then read once more, by themselves
# What half of it says is clear, and the whole is not asked. By measuring, on 7,600 messages that neither was taught: decision 24.
SURE = 4.5  # so much likelier is a danger than none, or none than one
DECIDED = 1.5  # the same of an adverse event
Pieces = NDArray[np.int64]


class Transformer:
    def __init__(self, path: Path) -> None:
        self.session = _session(path, exact=not adds_up())
        said = self.session.get_modelmeta().custom_metadata_map
        self.topics: Sequence[str] = said["topics"].split()
        self.dangers: Sequence[str] = said["kinds"].split(",")
        self.digest: str = said["digest"]

    def heard(self, read: Pieces) -> Heard:
        places = np.arange(read.shape[1], dtype=np.int64)[None]
        (said,) = self.session.run(None, {"pieces": read, "places": places})
        row: Numbers = said[0]
        return Heard(self, row)


class Meant:
    """What is said of a text: by half of it where that is clear, else by the half and the whole together."""

    def __init__(self, text: str) -> None:
        self.read: Pieces = np.array([vocabulary().read(text)], dtype=np.int64)

    @cached_property
    def half(self) -> Heard:
        return learned(HALF).heard(self.read)

    @cached_property
    def whole(self) -> Heard:
        return learned(WHOLE).heard(self.read)

    @property
    def topics(self) -> Mapping[str, float]:
        """The logarithm of how likely each is: that the half alone says, as the whole would seldom say otherwise."""
        return self.half.topics

    @cached_property
    def danger(self) -> float:
        """How likely, from 0 to 1: of whichever kind, as the two may differ on that."""
        said = self.half.danger
        return said if self._is_clear else _mean(said, self.whole.danger)

    @cached_property
    def dangers(self) -> Mapping[str, float]:
        """How likely each kind is, from 0 to 1."""
        if self._is_clear:
            return self.half.dangers
        return {kind: (said + self.whole.dangers[kind]) / 2 for kind, said in self.half.dangers.items()}

    @property
    def _is_clear(self) -> bool:
        """Whether it is a danger."""
        return abs(odds(self.half.danger)) > SURE

    @cached_property
    def adverse_event(self) -> float:
        """How likely, from 0 to 1."""
        said = self.half.adverse_event
        return said if abs(odds(said)) > DECIDED else _mean(said, self.whole.adverse_event)


def _mean(one: float, other: float) -> float:
    """Of their odds: each is mistaken elsewhere, and both together are right more often than either."""
    return 1 / (1 + exp(-(odds(one) + odds(other)) / 2))


def adds_up(*, exact: bool = False) -> bool:
    """Whether the quick way of this processor adds up large numbers rightly: that of those without VNNI does not.

    exact: the other way, which always does, and takes twice as long.
    """
    session = _session(LARGEST, exact=exact)
    (given,) = session.get_inputs()
    (said,) = session.run(None, {given.name: np.ones(given.shape, np.float32)})
    return bool(np.allclose(said, given.shape[1] * LARGEST_WEIGHT))


def _session(path: Path, *, exact: bool) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # a worker has one core; threads only wait for each other
    if exact:
        options.add_session_config_entry(*EXACT)
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@cache
def learned(path: Path = HALF) -> Transformer:
    return Transformer(path)


@lru_cache(REMEMBERED)
def in_pieces(text: Text) -> Sequence[Meant]:
    """How it begins; a long message piece by piece as well, each from the middle of the one before."""
    spans = [span for _word, span in text.tokens]
    whole = Meant(text.original)
    if len(spans) <= AT_ONCE:
        return (whole,)
    starts = range(0, len(spans) - PIECE // 2, PIECE // 2)
    return (whole, *(Meant(text.original[spans[at][0] : spans[at : at + PIECE][-1][1]]) for at in starts))


def heard(text: Text) -> Meant:
    """How it begins."""
    return in_pieces(text)[0]


def digest() -> str:
    """Changes with every example, and with how one is read."""
    sources = [*(path for folder in CORPORA for path in sorted(folder.glob("*.jsonl"))), HERE / "pieces.py", HERE / "train.py"]
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:16]
