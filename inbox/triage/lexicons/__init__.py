"""Word lists that ship with the code. Plain text: `[section]`, then words; # begins a comment."""

import unicodedata
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


def fold(text: str) -> str:
    """Without accents and case: how words are compared."""
    if text.isascii():  # nearly all words
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


@cache
def lines(name: str) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    current = ""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    for line in (line.partition("#")[0].strip() for line in text.splitlines()):
        if line.startswith("["):
            current = line.strip("[]")
        elif line:
            sections.setdefault(current, []).append(line)
    return sections


@cache
def words(name: str, section: str) -> frozenset[str]:
    """The folded words of one section."""
    return frozenset(fold(word) for line in lines(name).get(section, ()) for word in line.split())
