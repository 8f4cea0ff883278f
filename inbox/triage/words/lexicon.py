"""The word lists of triage: inbox/triage/lexicons/*.toml, one file a subject, both languages in it. Of every other language
abroad_*.toml holds all subjects.

    family = "crisis"                  what its findings ask of people (findings.Family), where the file has rules

    [forms]                            pieces that entries use by name, in every file: {je_veux}
    je_veux = "je veux|j'veux"

    [groups.wish]                      words that mean one thing; other files call them "crisis.wish"
    fr = ["{je_veux} mourir"]          entries, one a line: entries.py says how they are written
    en = ["want to die"]
    found = ["je veux mourir"]         sentences that must be found, and
    not_found = ["mort de rire"]       sentences that must not: tests/inbox/triage/test_lexicons.py reads each to the rules
    masks = true                       of idioms: what overlaps with them was meant otherwise, and is no cue; or no cue of the
                                       subjects in a list: masks = ["poisoning"]. Its entries go over no comma, but with
    over_commas = true

    [rules.wish]                       groups near each other make a finding: engine.py says how

Adding a word is a line in a list, with a sentence beside it. Where names are many and mean nothing else, a plain list beside the
lexicon has more of its groups: products.txt.
"""

import hashlib
import re
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from inbox.triage.findings import Cue
from inbox.triage.lexicons import FOLDER, lines
from inbox.triage.words import entries
from inbox.triage.words.scripts import RUN_ON

ABROAD = ("ar", "el", "es", "fa", "hi", "ht", "it", "pa", "pt", "ro", "ru", "ta", "tl", "uk", "ur", "vi", "zh")
LANGUAGES = ("fr", "en", *ABROAD)
TOKEN = re.compile(rf"[^\W_{RUN_ON}]+|[{RUN_ON}]|[^\w\s.,;:'\"()/-]")  # words, characters of Chinese, emoji, ? and !
STRETCH = re.compile(r"[^\s'-]+")  # no need goes beyond it: spaces, hyphens and apostrophes are typed in many ways
SHORTEST_STEM = 2
SHORTEST_GLUED = 2
WORDS_REMEMBERED = 50_000
TOUCHED = 32  # letters of a stretch: masks are looked for near what they may mask, as a text may be all emoji
SEEN = range(entries.SHORTEST_NEED, 5)  # so many letters are looked up before a need is looked for


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    entries: tuple[str, ...]
    masks: frozenset[str]  # the subjects that it masks
    over_commas: bool  # whether the words that may stand between (“...”) go on behind a comma
    found: tuple[str, ...]
    not_found: tuple[str, ...]


def hits(plain: str) -> list[Cue]:
    """Every group's cues in a text written as `entries.plain` writes, in their order; idioms mask what they overlap with."""
    found, masking = list(_all_hits(plain)), _masking()
    masks: dict[int, list[tuple[Cue, frozenset[str]]]] = defaultdict(list)  # by the stretches of the text that they touch
    for hit in found:
        if hit.kind in masking:
            for stretch in _stretches(hit):
                masks[stretch].append((hit, masking[hit.kind]))
    return [hit for hit in found if not _is_masked(hit, masks)] if masks else found


def _stretches(hit: Cue) -> range:
    return range(hit.start // TOUCHED, hit.end // TOUCHED + 1)


def _is_masked(hit: Cue, masks: Mapping[int, list[tuple[Cue, frozenset[str]]]]) -> bool:
    return any(_masked(hit, by, subjects) for stretch in _stretches(hit) for by, subjects in masks.get(stretch, ()))


def _masked(hit: Cue, by: Cue, subjects: frozenset[str]) -> bool:
    return hit.kind != by.kind and hit.start < by.end and by.start < hit.end and hit.kind.partition(".")[0] in subjects


def _all_hits(plain: str) -> Iterator[Cue]:
    there = _needs_of(plain)
    for token in TOKEN.finditer(plain):
        word, at = token[0], token.start()
        if (beginning := _beginning_with(word)).patterns:
            yield from _hits_at(plain, at, beginning, there)
        if word[0] == "j" and len(word) > SHORTEST_GLUED and (beginning := _beginning_with(word[1:])).patterns:
            yield from _hits_at(plain, at + 1, beginning, there)  # “jarrive pas”


def _hits_at(plain: str, at: int, beginning: "Beginning", there: Mapping[str, int]) -> Iterator[Cue]:
    """Of each group the first that stands here. This is where triage spends its time."""
    group = ""
    patterns = beginning.patterns
    for number in beginning.worth_trying(at, there):
        pattern = patterns[number]
        if pattern.group != group and (found := _compiled(pattern.written).match(plain, at)):
            group = pattern.group
            yield Cue(group, at, at + len(found[0].rstrip(" '-")))


class Pattern(NamedTuple):
    group: str
    written: str  # as it is compiled


class Beginning:
    """The patterns that may begin with a word: each group's together, the longest first, as an idiom that goes on is more than
    the word it begins with. Most need letters that a text does not have: those are never compiled, and not even looked at.
    """

    def __init__(self, needs_of: Mapping[Pattern, entries.Needs]) -> None:
        self.patterns = sorted(needs_of, key=lambda each: (each.group, -len(each.written), each.written))
        self.always = [number for number, pattern in enumerate(self.patterns) if not needs_of[pattern]]
        self.needing: dict[str, list[int]] = defaultdict(list)
        for number, pattern in enumerate(self.patterns):
            for need in needs_of[pattern]:
                self.needing[need].append(number)

    def worth_trying(self, at: int, there: Mapping[str, int]) -> list[int]:
        """Those of which a need stands behind this place."""
        needs = [need for need in self.needing.keys() & there.keys() if there[need] > at]
        if not needs:
            return self.always
        numbers = set(self.always)
        for need in needs:
            numbers.update(self.needing[need])
        return sorted(numbers)


@lru_cache(WORDS_REMEMBERED)
def _beginning_with(word: str) -> Beginning:
    stems = (f"{word[:length]}*" for length in range(SHORTEST_STEM, len(word) + 1))
    number = (entries.NUMBER,) if word[0].isdigit() else ()
    return _beginning_of(tuple(start for start in (word, *stems, *number) if start in _index()))


@cache
def _beginning_of(starts: tuple[str, ...]) -> Beginning:
    """Shared by the words that begin alike: all numbers, all names that no list knows."""
    found: dict[Pattern, list[entries.Needs]] = defaultdict(list)
    for start in starts:
        for pattern, needs in _index()[start]:
            found[pattern].append(needs)
    return Beginning({pattern: entries.any_of(each) for pattern, each in found.items()})


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Each by itself, when a text first comes near it: all of them together would take seconds before the first message."""
    return re.compile(pattern)


def _needs_of(plain: str) -> Mapping[str, int]:
    """Of all that any pattern needs, what stands in a text, and the end of the last stretch that has it."""
    return {need: stretch.end() for stretch in STRETCH.finditer(plain) for need in _needs_in(stretch[0])}


@lru_cache(WORDS_REMEMBERED)
def _needs_in(stretch: str) -> Collection[str]:
    by_start = _needs_by_start()
    spelt = {stretch[at : at + length] for length in SEEN for at in range(len(stretch) - length + 1)}
    return [need for start in by_start.keys() & spelt for need in by_start[start] if need in stretch]


@cache
def _needs_by_start() -> Mapping[str, Collection[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for patterns in _index().values():
        for _pattern, needs in patterns:
            for need in needs:
                found[need[: SEEN[-1]]].add(need)
    return dict(found)


@cache
def _index() -> Mapping[str, list[tuple[Pattern, entries.Needs]]]:
    index: dict[str, list[tuple[Pattern, entries.Needs]]] = defaultdict(list)
    for group in groups().values():
        for written in group.entries:
            entry = _read(written, group)
            pattern = Pattern(group.name, entry.pattern)
            for start, needs in entry.starts.items():
                index[start].append((pattern, needs))
    return dict(index)


def _read(written: str, group: Group) -> entries.Entry:
    """What masks goes over no comma: “je veux mourir, et j'ai un rhume” is no figure of speech."""
    try:
        return entries.read(written, forms(), over_commas=group.over_commas)
    except entries.BadEntry as problem:
        raise entries.BadEntry(f"{group.name}: {problem}") from problem


@cache
def groups() -> Mapping[str, Group]:
    found = (_group(f"{subject}.{name}", table) for subject in subjects() for name, table in tables(subject, "groups").items())
    return {group.name: group for group in found}


@cache
def _masking() -> Mapping[str, frozenset[str]]:
    return {group.name: group.masks for group in groups().values() if group.masks}


def _group(name: str, table: Mapping[str, Any]) -> Group:
    written = (*(entry for language in LANGUAGES for entry in table.get(language, ())), *_names(name))
    found, not_found = tuple(table.get("found", ())), tuple(table.get("not_found", ()))
    masks = _masks(table.get("masks", ()))
    return Group(name, written, masks, table.get("over_commas", not masks), found, not_found)


def _names(group: str) -> Iterator[str]:
    """What a file of mere names beside the lexicon (products.txt) has for this group."""
    subject, _dot, name = group.partition(".")
    if (FOLDER / f"{subject}.txt").exists():
        for line in lines(subject).get(name, ()):
            yield from (each for each in line.rstrip(",").split(", "))


def _masks(written: bool | list[str]) -> frozenset[str]:
    """Idioms mask no idioms."""
    return frozenset(subject for subject in subjects() if subject != "idioms") if written is True else frozenset(written or ())


@cache
def forms() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for subject in subjects():
        found |= tables(subject, "forms")
    return found


@cache
def subjects() -> Mapping[str, Mapping[str, Any]]:
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}


def tables(subject: str, kind: str) -> Mapping[str, Any]:
    return subjects()[subject].get(kind, {})


@cache
def version() -> str:
    """Changes with every word of every list."""
    digest = hashlib.sha256()
    for path in sorted(Path(FOLDER).iterdir()):
        if path.suffix in {".toml", ".txt"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
