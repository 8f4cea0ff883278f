"""What may be shown of an identifier in lists, notices, mails, exports and logs: its kind, never whose it is."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from inbox.triage.findings import Family, Finding

_DOT = "•"
_WAY = re.compile(r"\b(?:rue|avenue|boulevard|boul|chemin|rang|street|road|drive|lane|c\.p\.|po box)\b", re.IGNORECASE)


class Hidden(NamedTuple):
    """A stretch of a text that is not shown, and what stands in its place."""

    start: int
    end: int
    kinds: tuple[str, ...]
    shown: str


def mask(text: str, findings: Iterable[Finding]) -> str:
    """“NAM TREM 6253 1492” → “NAM TREM •••• ••••”. What is not an identifier is left as it is."""
    return between(text, hidden(text, findings), 0, len(text))


def hidden(text: str, findings: Iterable[Finding]) -> list[Hidden]:
    """In the order of the text; none overlaps another."""
    return [
        Hidden(start, end, kinds, of_kind(kinds[0] if len(kinds) == 1 else "", text[start:end]))
        for start, end, kinds in _merged(findings)
    ]


def between(text: str, concealed: Sequence[Hidden], start: int, end: int) -> str:
    """Part of a text. A stretch that lies half in it is hidden whole."""
    shown, at = [], start
    for stretch in concealed:
        if stretch.end > at and stretch.start < end:
            shown += [text[at : max(at, stretch.start)], stretch.shown]
            at = stretch.end
    return "".join([*shown, text[at:end]])


def _merged(findings: Iterable[Finding]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Overlaps become one; nothing is kept of them. The same place found twice is one of its kind."""
    merged: list[tuple[int, int, tuple[str, ...]]] = []
    for start, end, kind in sorted({(f.start, f.end, f.type) for f in findings if f.family is Family.IDENTIFIER}):
        if merged and start < merged[-1][1]:
            first, last, kinds = merged.pop()
            merged.append((first, max(end, last), (*kinds, kind)))
        else:
            merged.append((start, end, (kind,)))
    return merged


def of_kind(kind: str, value: str) -> str:
    """What stands in the place of a value."""
    match kind:
        case "ramq":
            return f"{''.join(c for c in value if c.isalpha())[:4].upper()} {_DOT * 4} {_DOT * 4}"
        case "postal_code":  # three characters are an area, not an address
            return f"{re.sub(r'[^A-Za-z0-9]', '', value)[:3].upper()} {_DOT * 3}"
        case "name":
            return " ".join(f"{part[0]}{_DOT * 3}" for part in value.split())
        case "email":
            return f"{_DOT * 3}@{_DOT * 3}"
        case "address":
            way = _WAY.search(value)
            return f"{_DOT * 3} {way[0]} {_DOT * 3}" if way else _DOT * 6
        case "phone":
            area = re.match(r"\D*(?:1\D*)?(\d{3})", value)
            return (
                f"{area[1]} {_DOT * 3}-{_DOT * 4}" if area and len(re.findall(r"\d", value)) >= 10 else f"{_DOT * 3}-{_DOT * 4}"
            )
        case _:
            return re.sub(r"[^\W_]", _DOT, value)
