"""The transformer, run by ONNX Runtime on one core."""

import hashlib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import onnxruntime

from inbox.triage.network import CORPORA
from inbox.triage.network.layers import REMEMBERED, Heard, Numbers
from inbox.triage.text import Text
from inbox.triage.transformer.pieces import vocabulary

HERE = Path(__file__).parent
FILE = HERE / "weights.onnx"
LARGEST = HERE / "largest.onnx"  # one multiplication of the largest whole numbers there are
LARGEST_WEIGHT = 127
EXACT = ("session.x64quantprecision", "1")
AT_ONCE = 60  # words: of a longer message, a few that matter are lost among the others
PIECE = 40  # words that are then read once more, by themselves


class Transformer:
    def __init__(self, path: Path = FILE) -> None:
        self.session = _session(path, exact=not adds_up())
        said = self.session.get_modelmeta().custom_metadata_map
        self.topics: Sequence[str] = said["topics"].split()
        self.dangers: Sequence[str] = said["kinds"].split(",")
        self.digest: str = said["digest"]

    def heard(self, text: str) -> Heard:
        read = np.array([vocabulary().read(text)], dtype=np.int64)
        places = np.arange(read.shape[1], dtype=np.int64)[None]
        (said,) = self.session.run(None, {"pieces": read, "places": places})
        row: Numbers = said[0]
        return Heard(self, row)


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
def learned() -> Transformer:
    return Transformer()


@lru_cache(REMEMBERED)
def in_pieces(text: Text) -> Sequence[Heard]:
    """How it begins; a long message piece by piece as well, each from the middle of the one before."""
    spans = [span for _word, span in text.tokens]
    whole = learned().heard(text.original)
    if len(spans) <= AT_ONCE:
        return (whole,)
    starts = range(0, len(spans) - PIECE // 2, PIECE // 2)
    return (whole, *(learned().heard(text.original[spans[at][0] : spans[at : at + PIECE][-1][1]]) for at in starts))


def heard(text: Text) -> Heard:
    """How it begins."""
    return in_pieces(text)[0]


def digest() -> str:
    """Changes with every example, and with how one is read."""
    sources = [*(path for folder in CORPORA for path in sorted(folder.glob("*.jsonl"))), HERE / "pieces.py", HERE / "train.py"]
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:16]
