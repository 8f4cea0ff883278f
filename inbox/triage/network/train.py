"""Learn the network from all examples: of topics, of dangers and of adverse events.

    python3 -m pip --python var/venv/bin/python install torch    # once: only to learn, as it is large (decision 23)
    var/venv/bin/python -m inbox.triage.network.train [FILE …]

Writes weights.npz. Of each FILE (JSON Lines as tests/inbox/triage/kept_aside*.jsonl) it says what it makes of it.
"""

import hashlib
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from inbox.triage.network import digest, inputs, learned
from inbox.triage.network.examples import KINDS, Example, examples, missed, topics_of
from inbox.triage.network.layers import FILE, FURTHER, NEAR
from inbox.triage.text import Text

SEEN = 2  # times that a word must occur to be learned for itself
GROUP_SEEN = 5
WIDTH, HEARD = 64, 96  # numbers of a word, and of what a layer hears
DROPPED, WORDS_DROPPED, TAUGHT_BY_PIECES = 0.4, 0.15, 0.1
ROUNDS, AT_ONCE, STEP = 6, 128, 2e-3


@dataclass
class Lesson:
    example: Example
    told: inputs.Input


@dataclass
class Taught:
    """What was seen often enough in the examples to be learned."""

    words: list[str]
    groups: list[str]
    topics: list[str]
    word: dict[str, int] = field(init=False)  # from one on: zero is nothing
    group: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.word = {word: at for at, word in enumerate(self.words, 1)}
        self.group = {group: at for at, group in enumerate(self.groups, 1)}


def taught_by(known: Sequence[Lesson]) -> Taught:
    words = Counter(chain.from_iterable(set(one.told.words) for one in known))
    groups = Counter(chain.from_iterable(chain.from_iterable(one.told.groups) for one in known))
    return Taught(
        sorted(word for word, count in words.items() if count >= SEEN),
        sorted(group for group, count in groups.items() if count >= GROUP_SEEN),
        topics_of([one.example for one in known]),
    )


class Network(nn.Module):
    def __init__(self, taught: Taught) -> None:
        super().__init__()
        self.taught = taught
        self.words = _table(len(taught.words), 0.05)
        self.pieces = _table(inputs.PIECES, 0.03)
        self.groups = _table(len(taught.groups), 0.05)
        self.near = nn.Conv1d(WIDTH, HEARD, 3, padding=NEAR, dilation=NEAR)
        self.further = nn.Conv1d(HEARD, HEARD, 3, padding=FURTHER, dilation=FURTHER)
        self.drop = nn.Dropout(DROPPED)
        self.heads = nn.Linear(2 * HEARD + WIDTH, len(taught.topics) + len(KINDS) + 1)

    def forward(self, words: Any, groups: Any, spelled: Any, pieces: Any) -> Any:
        """words: of each place the number of a different word of these texts; of those, their own number and their pieces."""
        own = (spelled > 0).float().unsqueeze(-1)
        if self.training:  # sometimes a word is as if it were mistyped
            own = own * (torch.rand_like(own) > TAUGHT_BY_PIECES)
        by_pieces = self.pieces(pieces).sum(1) / (pieces > 0).sum(1, keepdim=True).clamp(min=1).sqrt()
        there = (words > 0).float().unsqueeze(-1)
        meant = ((self.words(spelled) * own + by_pieces)[words] + self.groups(groups).sum(2)) * there
        if self.training:
            meant = meant * (torch.rand(words.shape) > WORDS_DROPPED).unsqueeze(-1)
        together = torch.tanh(meant.sum(1) / there.sum(1).clamp(min=1).sqrt())
        shown = there.transpose(1, 2)
        near = F.relu(self.near(self.drop(meant).transpose(1, 2))) * shown
        further = F.relu(self.further(self.drop(near))) * shown
        return self.heads(self.drop(torch.cat([near.max(2)[0], further.max(2)[0], together], 1)))


def _table(rows: int, spread: float) -> nn.Embedding:
    table = nn.Embedding(rows + 1, WIDTH, padding_idx=0)
    nn.init.normal_(table.weight, 0, spread)
    with torch.no_grad():
        table.weight[0] = 0
    return table


def laid_out(taught: Taught, some: Sequence[inputs.Input]) -> tuple[Any, ...]:
    """As the network takes them."""
    different = sorted(set(chain.from_iterable(one.words for one in some)))
    place = {word: at for at, word in enumerate(different, 1)}
    longest = max(1, *(len(one.words) for one in some)) if some else 1
    words = np.zeros((len(some), longest), dtype=np.int64)
    groups = np.zeros((len(some), longest, inputs.GROUPS), dtype=np.int64)
    for row, one in enumerate(some):
        words[row, : len(one.words)] = [place[word] for word in one.words]
        for at, named in enumerate(one.groups):
            known = [taught.group[group] for group in named if group in taught.group][: inputs.GROUPS]
            groups[row, at, : len(known)] = known
    spelled = [0, *(taught.word.get(word, 0) for word in different)]
    pieces = np.zeros((len(different) + 1, inputs.MOST), dtype=np.int64)
    for at, word in enumerate(different, 1):
        found = inputs.pieces(word)
        pieces[at, : len(found)] = [piece + 1 for piece in found]
    return tuple(torch.tensor(each) for each in (words, groups, spelled, pieces))


def learn(known: list[Lesson], taught: Taught) -> Network:
    random.seed(0)
    torch.manual_seed(0)
    network = Network(taught)
    optimizer = torch.optim.AdamW(network.parameters(), lr=STEP, weight_decay=0.02)
    steps = ROUNDS * -(-len(known) // AT_ONCE)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, STEP, total_steps=steps, pct_start=0.15)
    for turn in range(ROUNDS):
        network.train()
        random.shuffle(known)
        far = 0.0
        for at in range(0, len(known), AT_ONCE):
            some = known[at : at + AT_ONCE]
            loss = missed(taught.topics, network(*laid_out(taught, [one.told for one in some])), [one.example for one in some])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            rate.step()
            far += loss.item() * len(some)
        sys.stdout.write(f"round {turn + 1} of {ROUNDS}: {far / len(known):.3f}\n")
        sys.stdout.flush()
    return network.eval()


def write(network: Network, path: Path = FILE) -> None:
    """A known word is kept with what its pieces say."""
    taught = network.taught
    with torch.no_grad():
        _words, _groups, spelled, pieces = laid_out(taught, [inputs.Input(taught.words, [[]] * len(taught.words), [])])
        by_pieces = network.pieces(pieces).sum(1) / (pieces > 0).sum(1, keepdim=True).clamp(min=1).sqrt()
        words = (network.words(spelled) + by_pieces)[1:]
    kept = {
        "digest": np.array(digest()),
        "topics": np.array(taught.topics),
        "dangers": np.array(KINDS),
        "words": np.array(taught.words),
        "group_names": np.array(taught.groups),
        **_rows("word", words),
        **_rows("piece", network.pieces.weight[1:]),
        **_rows("group", network.groups.weight[1:]),
        **{f"{name}{part}": values for name in ("near", "further") for part, values in _layer(getattr(network, name))},
        "heads": network.heads.weight.detach().numpy().T.astype(np.float16),
        "heads_bias": network.heads.bias.detach().numpy().astype(np.float32),
    }
    np.savez_compressed(path, **kept)


def _rows(name: str, table: Any) -> dict[str, Any]:
    """In whole numbers from -127 to 127, each row with its scale."""
    values = table.detach().numpy()
    scales = np.maximum(np.abs(values).max(axis=1), 1e-6) / 127
    return {
        f"{name}_rows": np.round(values / scales[:, None]).astype(np.int8),
        f"{name}_scales": scales.astype(np.float32),
    }


def _layer(layer: nn.Conv1d) -> Iterable[tuple[str, Any]]:
    """What is before, here and behind, one below the other."""
    yield "", np.concatenate([layer.weight.detach().numpy()[:, :, at].T for at in range(3)]).astype(np.float16)
    yield "_bias", layer.state_dict()["bias"].numpy().astype(np.float32)


def main(paths: Sequence[str]) -> None:
    lessons = [Lesson(example, inputs.read(example.text)) for example in examples()]
    known = sorted(lessons, key=lambda one: hashlib.sha256(" ".join(one.told.words).encode()).digest())
    taught = taught_by(known)
    sys.stdout.write(f"{len(known)} examples, {len(taught.words)} words\n")
    sys.stdout.flush()
    network = learn(known, taught)
    write(network)
    sys.stdout.write(f"{FILE.name}: {FILE.stat().st_size // 1024} KB\n")
    for path in paths:
        sys.stdout.write(f"{path}: {judged(Path(path))}\n")


def judged(path: Path) -> str:
    """How often the topic was first and among the first three, by the network alone."""
    network = learned()
    rows = [row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()) if row.get("suggested_topic")]
    said = [network.heard(inputs.read(Text(row["text"]))).topics for row in rows]
    ordered = [sorted(topics, key=lambda topic: -topics[topic]) for topics in said]
    first, in_three = (
        np.mean([row["suggested_topic"] in best[:most] for best, row in zip(ordered, rows, strict=True)]) for most in (1, 3)
    )
    return f"first {first:.3f}, in three {in_three:.3f}"


if __name__ == "__main__":
    main(sys.argv[1:])
