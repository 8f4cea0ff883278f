"""Identifiers of persons in a message, PHI-1 to PHI-12: what, where exactly, how sure, and by which words.

A wrong check digit never clears a number: people mistype, and it still points to somebody. Numbers of things are looked for
first, then what has the plainest form; what was found is blanked out, so that nothing is found twice.
"""

from collections.abc import Iterable, Iterator

from inbox.triage.findings import Context, Finding
from inbox.triage.identifiers import births, emails, health, names, numbers, phones, places, products, words
from inbox.triage.identifiers.masking import Hidden, between, hidden, mask
from inbox.triage.identifiers.sheet import Sheet

__all__ = ["Hidden", "between", "find", "find_anybodys", "hidden", "mask"]


def find(text: str, context: Context) -> Iterator[Finding]:
    """The identifiers of persons in a text, in its order."""
    yield from _in_order(Sheet(text, context))


def find_anybodys(text: str) -> Iterator[Finding]:
    """Institutions' numbers and addresses as well: what may not leave unless it is known to be ours."""
    yield from _in_order(Sheet(text, Context(), anybodys=True))


def _in_order(sheet: Sheet) -> list[Finding]:
    found = [*_found(sheet)]
    return sorted([*found, *names.beside(sheet, found)], key=lambda finding: (finding.start, finding.end))


def _found(sheet: Sheet) -> Iterator[Finding]:
    cues = words.cues(sheet.folded) if sheet.has_digits else []
    for span in products.find(sheet.folded):
        sheet.take(*span)
    yield from _taken(sheet, emails.find(sheet))
    yield from _taken(sheet, health.quebec(sheet, cues))
    yield from _taken(sheet, health.elsewhere(sheet, cues))
    yield from _taken(sheet, numbers.social_insurance(sheet, cues))
    yield from _taken(sheet, phones.find(sheet, cues))
    named = [*names.find(sheet)]
    yield from _taken(sheet, births.find(sheet, named))
    yield from _taken(sheet, places.addresses(sheet))
    yield from _taken(sheet, places.postal_codes(sheet))
    yield from _taken(sheet, numbers.find(sheet, cues))
    yield from _taken(sheet, phones.local(sheet))
    yield from named


def _taken(sheet: Sheet, findings: Iterable[Finding]) -> Iterator[Finding]:
    for finding in findings:
        sheet.take(finding.start, finding.end)
        yield finding
