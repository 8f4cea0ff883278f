"""Postal codes (PHI-9), typed or said."""

import re
from collections.abc import Iterator

from inbox.triage.findings import Confidence, Finding
from inbox.triage.identifiers import words
from inbox.triage.identifiers.sheet import Sheet, identifier

_POSTAL = re.compile(r"(?<![\w\0])[abceghj-nprstvxy]\d[abceghj-nprstv-z](?:[ .-]{0,3}|\n)\d[abceghj-nprstv-z]\d(?![\w])")
_POSTAL_LOOSE = re.compile(
    r"(?<![\w\0])(?=[\w .,-]{1,6}\d)"
    r"[abceghj-nprstvxy] ?[\doil] ?[abceghj-nprstv-z][ .,-]{0,3}[\doil] ?[abceghj-nprstv-z] ?[\doil](?![\w])"
)
_EACH_APART = re.compile(r"\w \d \w {1,3}\d \w \d")  # “h 1 w  3 r 4”
_POSTAL_CUE = re.compile(r"\b(?:code postale?|cp|postal|zip|c\.p\.)(?![a-z])")

_SAID = rf"(?:\d|{'|'.join(words.pairs('spoken', 'units'))})"
_POSTAL_SAID = re.compile(
    rf"[^\d\0.!?]{{0,15}}?(?<![\w\0])([abceghj-nprstvxy] ?{_SAID} ?[abceghj-nprstv-z][ ,-]{{0,2}}{_SAID}"
    rf" ?[abceghj-nprstv-z] ?{_SAID})(?![\w])"
)


def typed(sheet: Sheet) -> Iterator[Finding]:
    if sheet.has_digits:
        yield from (identifier("postal_code", found.span(), 9) for found in _POSTAL.finditer(sheet.open))
        for found in _POSTAL_LOOSE.finditer(sheet.open):
            near = sheet.before(found.start(), 40), sheet.after(found.end(), 25)
            cued = any(map(_POSTAL_CUE.search, near))
            apart = _EACH_APART.fullmatch(found[0])
            told = cued or apart or (sheet.original[found.start() : found.end()].isupper() and not re.search("[il]", found[0]))
            if not _POSTAL.fullmatch(found[0]) and told and sum(map(str.isdigit, found[0])) >= (1 if cued else 2):
                yield identifier("postal_code", found.span(), 9, Confidence.MEDIUM)


def said(sheet: Sheet) -> Iterator[Finding]:
    """“code postal h deux x zéro y sept”."""
    for cue in _POSTAL_CUE.finditer(sheet.folded) if "postal" in sheet.folded or "zip" in sheet.folded else ():
        found = _POSTAL_SAID.match(sheet.open, cue.end())
        if found:
            yield identifier("postal_code", found.span(1), 9, Confidence.MEDIUM)
