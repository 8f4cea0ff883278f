"""What was found, as everybody may read it: masked, a few words before the first that was meant, and these marked."""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from inbox.desk.lines import Excerpt, Piece
from inbox.desk.search.asked import Asked, folded, places_of_words, plain, stems
from inbox.models import Message
from inbox.screening.shown import masking
from inbox.triage.identifiers.unread import masked

BEFORE, SHOWN = 14, 240  # characters before the first that is marked, and in all


def read(messages: Iterable[Message], asked: Asked) -> dict[int, Excerpt]:
    """By their keys, those in which all that is asked stands where it may be read.

    The index holds what was written. What is behind a mask is found by nobody, so that nobody learns by trying what it is.
    """
    shown = {message.pk: _Shown.of(message) for message in messages}
    known = _known([text for each in shown.values() for text in (each.text, each.name)], asked)
    return {pk: each.excerpt(pk, known) for pk, each in shown.items() if asked.is_in(each.found(known))}


class _Shown(NamedTuple):
    text: str
    name: str
    ours: bool

    @classmethod
    def of(cls, message: Message) -> "_Shown":
        ours = message.direction == Message.Direction.OUT
        contact = message.conversation.contact
        name = "" if ours or contact is None else masked(contact.name)
        return cls(_on_one_line(masking.words(message)), _on_one_line(name), ours)

    def found(self, known: dict[str, frozenset[str]]) -> list[frozenset[str]]:
        return [known[word] for text in (self.text, self.name) for word, _place in _words(text) if word in known]

    def excerpt(self, pk: int, known: dict[str, frozenset[str]]) -> Excerpt:
        in_name, in_text = _marks(self.name, known), _marks(self.text, known)
        start = _beginning(self.text, in_text[0][0]) if in_text else 0
        pieces = _pieces(self.text, in_text, start, start + SHOWN)
        return Excerpt(pk, self.ours, _pieces(self.name, in_name, 0, len(self.name)) if in_name else (), pieces)


def _known(texts: list[str], asked: Asked) -> dict[str, frozenset[str]]:
    """The words that are meant by what is asked, with their stems."""
    initials = asked.initials
    likely = {word for text in texts for word, _place in _words(text) if folded(word)[:1] in initials}
    return {word: found for word, found in stems(likely).items() if any(term.takes(found) for term in asked.terms)}


def _words(text: str) -> list[tuple[str, tuple[int, int]]]:
    return [(plain(text[start:end]), (start, end)) for start, end in places_of_words(text)]


def _marks(text: str, known: dict[str, frozenset[str]]) -> list[tuple[int, int]]:
    return [place for word, place in _words(text) if word in known]


def _beginning(text: str, first: int) -> int:
    """At a word, a little before the first that is marked."""
    if first <= BEFORE:
        return 0
    return text.rfind(" ", 0, first - BEFORE) + 1 or first


def _pieces(text: str, marks: list[tuple[int, int]], start: int, end: int) -> tuple[Piece, ...]:
    pieces, at = [Piece("… " if start else "", False)], start
    for begin, stop in marks:
        if begin >= end:
            break
        pieces += [Piece(text[at:begin], False), Piece(text[begin:stop], True)]
        at = stop
    pieces.append(Piece(text[at : max(at, end)], False))
    return tuple(piece for piece in pieces if piece.text)


def _on_one_line(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))
