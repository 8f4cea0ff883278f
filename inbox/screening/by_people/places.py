"""Where the words that a person chose stand in a message, as they see it: what is masked for them is found by its mask alone."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence

from inbox.models import Finding, Message
from inbox.models.safety.findings import digest_of
from inbox.screening.shown import explaining
from inbox.triage.findings import Family
from inbox.triage.identifiers import Hidden

Span = tuple[int, int]
_LETTER = re.compile(r".[\u0300-\u036f]*", re.DOTALL)  # with its accents, however these are typed
_APOSTROPHES = "'’‘ʼ"


def find(text: str, words: str, hidden: Sequence[Hidden] = ()) -> list[Span]:
    """Each place of them in the text, in its order; where they stand as whole words, no others. Nobody has to type a space, a
    capital, an accent or an apostrophe as its author did."""
    said, spans = _shown(text, hidden)
    sought = r"\s+".join(_pattern(word) for word in words.split())
    if not sought:
        return []
    whole = _found(rf"(?<!\w){sought}(?!\w)", said)
    return [(spans[start][0], spans[end - 1][1]) for start, end in whole or _found(sought, said)]


def carried(message: Message, texts: Collection[str]) -> list[Finding]:
    """What people added to some version of a message, in each of these in which its words stand: an edit does not lose it."""
    return [copy for finding in message.findings.all() for copy in _copies(finding, message, texts)]


def spans(text: str, words: str, family: str, hidden: Sequence[Hidden] = ()) -> list[Span]:
    """What is to be masked is masked wherever it stands; of anything else the first place says enough."""
    found = find(text, words, hidden)
    return found if family == Family.IDENTIFIER else found[:1]


def _copies(finding: Finding, message: Message, texts: Collection[str]) -> Iterator[Finding]:
    if not finding.by_person or not finding.stands or finding.about_all:
        return
    words = explaining.text_of(finding, message)[finding.start : finding.end]
    for text in texts:
        if (digest := digest_of(message, text)) != finding.text_digest:
            for start, end in spans(text, words, finding.family):
                yield finding.moved(digest, start, end)


def _shown(text: str, hidden: Sequence[Hidden]) -> tuple[str, list[Span]]:
    """The text as it is shown, and where in itself each character of that stands."""
    shown, spans, at = [], [], 0
    for stretch in (*hidden, Hidden(len(text), len(text), (), "")):
        shown += [text[at : stretch.start], stretch.shown]
        spans += [(place, place + 1) for place in range(at, stretch.start)]
        spans += [(stretch.start, stretch.end)] * len(stretch.shown)
        at = stretch.end
    return "".join(shown), spans


def _found(pattern: str, text: str) -> list[Span]:
    return [found.span() for found in re.finditer(pattern, text, re.IGNORECASE)]


def _pattern(word: str) -> str:
    return "".join(_letter(letter) for letter in _LETTER.findall(word))


def _letter(letter: str) -> str:
    if letter in _APOSTROPHES:
        return f"[{_APOSTROPHES}]"
    written = {re.escape(unicodedata.normalize(form, letter)) for form in ("NFC", "NFD")}
    return f"(?:{'|'.join(sorted(written))})" if len(written) > 1 else written.pop()
