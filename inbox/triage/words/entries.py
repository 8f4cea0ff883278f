"""How an entry of a lexicon is written, and what it becomes.

    avalé des pilules       words, any accents and case; spaces, hyphens and apostrophes are matched as people type them
    (veux|voudrais)         one of these
    (ne )?veux              perhaps
    ((si|tout) )*mal        up to six of these: a choice that ends with a space, and *
    suicid*                 any end of the word
    avalé ... pilules       at most four words between; ... ... is eight
    # pilules               any number; ## is one of two digits or more
    {je_veux}               a form: a piece with a name, from a table [forms]
    \\?                      the mark itself

j'ai is also found as “jai”, “j ai” and “j’ai”; week-end as “weekend” and “week end”.
An entry in Chinese begins and ends inside a run of characters; it has no gaps.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from inbox.triage.lexicons import fold
from inbox.triage.words.scripts import RUN_ON
from inbox.triage.words.scripts import plain as in_plain_script

# A run of spaces, hyphens and apostrophes is taken whole (++): given back one by one, a thousand of them would take minutes.
SPACE = r"(?:[\s'-]++|(?<=[\s'-]))"  # once, wherever pieces meet
END = r"(?:(?![^\W_])|(?<=[\s'-]))"
SOFT = r"[\s'-]*+"
GAP = r"(?:(?:[\s',-]++|(?<=[\s',-]))[^\W_]++){0,%d}?(?:[\s',-]++|(?<=[\s',-]))"
COMMA, NO_COMMA = r"[\s',-]", r"[\s'-]"
GAP_MARK = re.compile(r" *(\.\.\.(?: \.\.\.)*) *")
GAP_WORDS = 4
NUMBER = "#"
SHORTEST_NEED = 2  # letters
MOST_NEEDS = 150  # looked for in turn
FORM = re.compile(r"\{(\w+)\}")
CHARACTER = re.compile(f"[{RUN_ON}]")


class BadEntry(ValueError):
    pass


@dataclass(frozen=True, slots=True)
class Piece:
    """A letter, a boundary between words, or a choice between lists of pieces."""

    kind: str  # letter, space, soft, gap, rest, number, large, choice
    letter: str = ""
    choices: tuple[tuple["Piece", ...], ...] = ()
    optional: bool = False
    repeated: bool = False

    @property
    def pattern(self) -> str:
        match self.kind:
            case "letter":
                found = self.letter if self.letter.isalnum() else re.escape(self.letter)
            case "choice":
                found = "(?:" + "|".join(pattern(choice) for choice in self.choices) + ")"
            case "gap":
                found = GAP % (GAP_WORDS * len(self.letter.split()))
            case _:
                found = {"space": SPACE, "soft": SOFT, "rest": r"[^\W_]*", "number": r"\d+", "large": r"\d{2,}"}[self.kind]
        times = "?" if self.optional else "{0,6}" if self.repeated else ""
        return f"(?:{found}){times}" if times else found


Pieces = tuple[Piece, ...]
Needs = tuple[str, ...]  # letters one of which stands after the start of what is found; none: nothing is known


@dataclass(frozen=True, slots=True)
class Entry:
    pattern: str
    starts: Mapping[str, Needs]  # its possible first words; with * where the word may go on; # is any number


def read(written: str, forms: Mapping[str, str], *, over_commas: bool = True) -> Entry:
    """over_commas: whether the words that may stand between go on behind a comma."""
    words = plain(_with_forms(written.strip(), forms))
    pieces = _parse(words)
    starts = _needs_by_start(pieces)
    if not starts:
        raise BadEntry(f"begins with no word: {written}")
    runs_on = CHARACTER.search(words) or (pieces[-1].kind == "letter" and not pieces[-1].letter.isalnum())
    end = "" if runs_on else END
    found = pattern(pieces) + end
    return Entry(found if over_commas else found.replace(COMMA, NO_COMMA), starts)


def pattern(pieces: Iterable[Piece]) -> str:
    return "".join(piece.pattern for piece in pieces)


def plain(words: str) -> str:
    return fold(in_plain_script(words)).replace("œ", "oe").replace("æ", "ae").replace("’", "'")


def _with_forms(written: str, forms: Mapping[str, str]) -> str:
    while found := FORM.search(written):
        name = found[1]
        if name not in forms:
            raise BadEntry(f"no form {name}: {written}")
        written = f"{written[: found.start()]}({forms[name]}){written[found.end() :]}"
    return written


def _parse(written: str) -> tuple[Piece, ...]:
    pieces, rest = _sequence(written, 0)
    if rest != len(written) or not pieces:
        raise BadEntry(f"parentheses: {written}")
    return pieces


def _sequence(written: str, at: int) -> tuple[tuple[Piece, ...], int]:
    pieces: list[Piece] = []
    while at < len(written) and written[at] not in "|)":
        piece, at = _piece(written, at)
        pieces.append(piece)
    return tuple(pieces), at


def _piece(written: str, at: int) -> tuple[Piece, int]:
    if written[at].isalnum() and not written.startswith("?", at + 1):
        return _one("letter", written[at]), at + 1  # nearly always
    if written[at] == "(":
        piece, at = _choice(written, at)
    elif found := GAP_MARK.match(written, at):
        piece, at = Piece("gap", found[1]), found.end()
    elif written.startswith("##", at):
        piece, at = Piece("large"), at + 2
    elif written[at] == "\\":
        piece, at = Piece("letter", written[at + 1 : at + 2]), at + 2
    else:
        kinds = {" ": "space", "'": "soft", "-": "soft", "*": "rest", NUMBER: "number"}
        piece, at = _one(kinds.get(written[at], "letter"), written[at]), at + 1
    if written.startswith("?", at):
        return replace(piece, optional=True), at + 1
    if written.startswith("*", at) and written[at - 2 : at] == " )":
        return replace(piece, repeated=True), at + 1
    return piece, at


@cache
def _one(kind: str, letter: str) -> Piece:
    """The same for all entries: they are made of some hundred thousand letters."""
    return Piece(kind, letter)


def _choice(written: str, at: int) -> tuple[Piece, int]:
    choices = []
    while at < len(written) and written[at] in "(|":
        choice, at = _sequence(written, at + 1)
        choices.append(choice)
    if at >= len(written):
        raise BadEntry(f"parentheses: {written}")
    return Piece("choice", choices=tuple(choices)), at + 1


def _starts(pieces: Iterable[Piece], start: str = "") -> set[tuple[str, bool]]:
    """The ways in which the first word may be written, and whether it ends here."""
    found = {(start, False)}
    for piece in pieces:
        if all(closed for _start, closed in found):
            break
        found = {more for one in found for more in ([one] if one[1] else _longer(one[0], piece))}
    return found


def _needs_by_start(pieces: Pieces) -> Mapping[str, Needs]:
    found: dict[str, list[Needs]] = defaultdict(list)
    for way, needs in _ways(pieces):
        for start in {start for start, _closed in _starts(way) if start}:
            found[start].append(needs)
    return {start: any_of(each) for start, each in found.items()}


def _ways(pieces: Pieces, rest: Pieces = (), behind: Sequence[Needs] = ()) -> Iterator[tuple[Pieces, Needs]]:
    """Of a choice at the head each with what follows it, and its needs. behind: what the rest needs."""
    head, others = pieces[:1], pieces[1:]
    if not head or head[0].kind != "choice" or head[0].repeated:
        yield (*pieces, *rest), _rarest([*_stretches(pieces, at_start=True), *behind])
        return
    further = [*_stretches(others, at_start=False), *behind]
    for choice in head[0].choices:
        yield from _ways(choice, (*others, *rest), further)
    if head[0].optional:
        yield from _ways(others, rest, behind)


def _needs(pieces: Pieces, *, at_start: bool) -> Needs:
    return _rarest(_stretches(pieces, at_start=at_start))


def _rarest(stretches: Iterable[Needs]) -> Needs:
    """Of those that have to be there, the one that the fewest texts have."""
    useful = (needs for needs in stretches if min(map(len, needs)) >= SHORTEST_NEED)
    return max(useful, key=lambda needs: (min(map(len, needs)), -len(needs)), default=())


def _stretches(pieces: Pieces, *, at_start: bool) -> Iterator[Needs]:
    """Runs of letters between other pieces; and of each choice, what one of its lists needs. at_start: its head is there."""
    for is_run, some in groupby(pieces, key=lambda piece: piece.kind == "letter" and not piece.optional):
        if is_run and not at_start:
            yield ("".join(piece.letter for piece in some),)
        for piece in () if is_run else some:
            if piece.kind == "choice" and not (piece.optional or piece.repeated):
                yield _of_choice(piece, at_start=at_start)
            at_start = False
        at_start = False


def _of_choice(piece: Piece, *, at_start: bool) -> Needs:
    if len(piece.choices) > MOST_NEEDS:
        return ("",)
    return any_of([_needs(choice, at_start=at_start) for choice in piece.choices]) or ("",)


def any_of(each: Collection[Needs]) -> Needs:
    """None where of one nothing is known."""
    return tuple(sorted({need for needs in each for need in needs})) if all(each) else ()


def _longer(start: str, piece: Piece) -> Iterator[tuple[str, bool]]:
    if piece.optional or piece.repeated:
        yield start, False
    match piece.kind:
        case "letter" if piece.letter.isalnum() and not CHARACTER.match(piece.letter):
            yield start + piece.letter, False
        case "letter":  # an emoji, a mark or a character of Chinese is a word by itself
            yield start or piece.letter, True
        case "rest":
            yield f"{start}*", True
        case "number" | "large":
            yield f"{start}*" if start else NUMBER, True
        case "choice":
            for choice in piece.choices:
                yield from _starts(choice, start)
        case "soft":
            yield start, False
            yield start, bool(start)
        case _:
            yield start, bool(start)
