"""Whom somebody in danger can call, by place: read from one reviewed table. Pure."""

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "help_lines.toml"
QUEBEC, ELSEWHERE = "QC", "elsewhere"
FIRST_OF_SEVERAL = "911"
CHECK_EVERY = timedelta(days=365)
# What a field of a reply says: of the lines of a kind at the place all but these, each of which has a field of its own.
SAID_TOGETHER = ("self_harm", "poisoning", "medication_error")
SAID_ALONE = {"emergency": ("emergency", FIRST_OF_SEVERAL), "animals": ("poisoning", "animals")}  # kind, key
_ALONE = frozenset(key for _kind, key in SAID_ALONE.values())
_OR = {"fr": "ou", "en": "or"}


def dialled(number: str) -> str:
    """As a telephone takes it."""
    digits = "".join(c for c in number if c.isdigit())
    return f"+{digits}" if len(digits) == 11 or number.strip().startswith("+") else digits


@dataclass(frozen=True, slots=True)
class HelpLine:
    key: str
    number: str
    fr: str
    en: str
    when_fr: str = ""
    when_en: str = ""
    said_fr: str = ""
    said_en: str = ""
    by_text: bool = False
    since: date = date.min
    until: date = date.max

    def name(self, language: str) -> str:
        return self.en if language == "en" else self.fr

    def when(self, language: str) -> str:
        return self.when_en if language == "en" else self.when_fr

    def said(self, language: str) -> str:
        """Its name and its number, inside a sentence."""
        words = self.said_en if language == "en" else self.said_fr
        return words.replace("{number}", self.number) or f"{self.name(language)}, {self.number}"

    @property
    def dialled(self) -> str:
        return dialled(self.number)


@dataclass(frozen=True, slots=True)
class Table:
    lines: dict[str, HelpLine]
    order: dict[str, dict[str, list[str]]]  # province or elsewhere → kind of crisis → keys
    checked_on: date
    digest: str  # changes with every word of the table

    def for_crisis(self, kind: str, province: str, *, on: date) -> list[HelpLine]:
        keys = self.order.get(province, self.order[ELSEWHERE]).get(kind, [])
        return [line for line in (self.lines[key] for key in keys) if line.since <= on <= line.until]

    def for_crises(self, kinds: Sequence[str], province: str, *, on: date) -> list[HelpLine]:
        """Everybody whom one of several can call, each once. kinds: the gravest first; of more than one, 911 comes before all."""
        lines = list(dict.fromkeys(line for kind in kinds for line in self.for_crisis(kind, province, on=on)))
        return sorted(lines, key=lambda line: line.key != FIRST_OF_SEVERAL) if len(kinds) > 1 else lines

    def fields(self, province: str, language: str, *, on: date) -> dict[str, str]:
        """What the fields of a reply say at a place, by name."""
        kinds = (*SAID_TOGETHER, *SAID_ALONE)
        said = {kind: [line.said(language) for line in self._to_say(kind, province, on)] for kind in kinds}
        return {f"help_{kind}": _listed(each, _OR[language]) for kind, each in said.items()}

    def _to_say(self, kind: str, province: str, on: date) -> list[HelpLine]:
        of, alone = SAID_ALONE.get(kind, (kind, ""))
        lines = self.for_crisis(of, province, on=on)
        if alone:
            return [line for line in lines if line.key == alone]
        return [line for line in lines if line.key not in _ALONE] or lines  # nobody is left without any

    def of_other_places(self, province: str, *, on: date) -> list[str]:
        """The numbers that are shown to somebody in danger, and not here today."""
        shown = {key for kinds in self.order.values() for keys in kinds.values() for key in keys}
        here = {line.number for kind in self.order[ELSEWHERE] for line in self.for_crisis(kind, province, on=on)}
        return [line.number for key, line in self.lines.items() if key in shown and line.number not in here]

    def is_due(self, on: date) -> bool:
        """Whether a year has passed since somebody called these numbers."""
        return on >= self.checked_on + CHECK_EVERY


def _listed(words: list[str], last: str) -> str:
    return f" {last} ".join([*([", ".join(words[:-1])] if words[:-1] else []), *words[-1:]])


def read(text: str) -> Table:
    raw: dict[str, Any] = tomllib.loads(text)
    lines = {key: HelpLine(key, **fields) for key, fields in raw["lines"].items()}
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return Table(lines, raw["order"], raw["checked_on"], digest)


@cache
def table() -> Table:
    return read(FILE.read_text(encoding="utf-8"))


def numbers() -> tuple[str, ...]:
    """Everybody's numbers, and so nobody's."""
    return tuple(line.number for line in table().lines.values())
