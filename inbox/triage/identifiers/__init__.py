"""Identifiers of persons in a message, PHI-1 to PHI-12: what, where exactly, how sure, and by which words.

A wrong check digit never clears a number: people mistype, and it still points to somebody. Numbers of things are looked for
first, then what has the plainest form; what was found is blanked out, so that nothing is found twice.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from inbox.triage.findings import Context, Finding
from inbox.triage.identifiers import words
from inbox.triage.identifiers.masking import Hidden, between, hidden, mask
from inbox.triage.identifiers.numbers import bare, health, phones, products, records, spoken
from inbox.triage.identifiers.people import around, births, full_names, names
from inbox.triage.identifiers.places import addresses, emails, postal, told
from inbox.triage.identifiers.sheet import Sheet

__all__ = ["Hidden", "between", "find", "find_anybodys", "find_told", "hidden", "mask"]
_CLUSTER = re.compile(r".[\u0300-\u036f]*", re.DOTALL)


def find(text: str, context: Context) -> Iterator[Finding]:
    """The identifiers of persons in what somebody wrote to us, in its order."""
    yield from _in_order(text, context, untold=True)


def find_told(text: str, context: Context) -> Iterator[Finding]:
    """Those of any other text, where a name is mostly whose it is: it counts where something tells that it is a patient's."""
    yield from _in_order(text, context)


def find_anybodys(text: str) -> Iterator[Finding]:
    """Institutions' numbers and addresses as well: what may not leave unless it is known to be ours."""
    yield from _in_order(text, Context(), anybodys=True)


def _in_order(text: str, context: Context, *, anybodys: bool = False, untold: bool = False) -> list[Finding]:
    composed, at = _composed(text)
    sheet = Sheet(composed, context, anybodys, untold)
    found = [*_found(sheet)]
    found += names.beside(sheet, found)
    found = around.widened(sheet, [*found, *full_names.find(sheet, found)])
    return [_in_place(finding, at) for finding in found] if at else found


def _composed(text: str) -> tuple[str, list[int]]:
    """Letters with their accents in one, as some telephones do not type them, and where each stood; [] where it stands."""
    if unicodedata.is_normalized("NFC", text):
        return text, []
    clusters = [(found.start(), unicodedata.normalize("NFC", found[0])) for found in _CLUSTER.finditer(text)]
    places = [start for start, written in clusters for _ in written]
    return "".join(written for _, written in clusters), [*places, len(text)]


def _in_place(finding: Finding, places: list[int]) -> Finding:
    cues = tuple(cue._replace(start=places[cue.start], end=places[cue.end]) for cue in finding.cues)
    return replace(finding, start=places[finding.start], end=places[finding.end], cues=cues)


def _found(sheet: Sheet) -> Iterator[Finding]:
    said = [*spoken.numbers(sheet.folded)]
    cues = words.cues(sheet.folded) if sheet.has_digits or said else []
    for span in products.find(sheet.folded):
        sheet.take(*span)
    yield from _taken(sheet, emails.find(sheet))
    cards = [*_taken(sheet, health.quebec(sheet, cues))]
    yield from cards
    yield from _taken(sheet, health.elsewhere(sheet, cues))
    yield from _taken(sheet, health.grouped_anyhow(sheet, cues))
    yield from _taken(sheet, bare.social_insurance(sheet, cues))
    yield from _taken(sheet, bare.said(sheet, cues, said))
    yield from _taken(sheet, records.find(sheet, cues))
    yield from _taken(sheet, phones.find(sheet, cues, said))
    named = [*names.find(sheet)]
    yield from _taken(sheet, births.find(sheet, named, cards))
    yield from _taken(sheet, births.labelled(sheet))
    yield from _taken(sheet, births.said(sheet, said))
    yield from _taken(sheet, addresses.find(sheet))
    yield from _taken(sheet, told.find(sheet))
    yield from _taken(sheet, postal.typed(sheet))
    yield from _taken(sheet, postal.said(sheet))
    yield from _taken(sheet, bare.spread(sheet, cues))
    yield from _taken(sheet, bare.find(sheet, cues))
    yield from _taken(sheet, phones.local(sheet))
    yield from named


def _taken(sheet: Sheet, findings: Iterable[Finding]) -> Iterator[Finding]:
    for finding in findings:
        sheet.take(finding.start, finding.end)
        yield finding
