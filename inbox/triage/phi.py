"""Numbers and addresses that point to a person: where they stand in a text. Pure.

A wrong check digit never clears a number: people mistype, and it still points to somebody.
"""

import re
from collections.abc import Iterator
from datetime import date

import phonenumbers

# Everybody's numbers, and nobody's. To be checked each year.
HELP_LINES = (
    "911",
    "811",
    "988",
    "9-8-8",
    "211",
    "535353",
    "1 866 277-3553",
    "1 800 463-5060",
    "1 844 764-7669",
    "1 866 234-2345",
)

Spans = Iterator[tuple[int, int]]


# --- health insurance -----------------------------------------------------------------------------------

_RAMQ = re.compile(r"(?<![^\W_])([A-Z]{4})[ \u00a0.-]?(\d{2})(\d{2})[ \u00a0.-]?(\d{2})(\d{2})(?![^\W_])", re.IGNORECASE)
_RAMQ_CUE = re.compile(r"\b(?:NAM|RAMQ)\b|assurance[ -]maladie|carte[ -]soleil|health card", re.IGNORECASE)
_TEN_DIGITS = re.compile(r"(?<![\w-])(\d{4}[ -]?\d{3}[ -]?\d{3})(?:[ -]?([A-Z]{1,2})\b)?(?![\w-])", re.IGNORECASE)
_HEALTH_CUE = re.compile(r"\b(?:OHIP|PHN|health (?:card|number))\b|carte santé|assurance[ -]maladie|\bRAMQ\b", re.IGNORECASE)


def health_numbers(text: str) -> Spans:
    """Québec (four letters of the name, date of birth with +50 months for women), Ontario, British Columbia."""
    for found in _RAMQ.finditer(text):
        if ramq_date_possible(found[2], found[3], found[4]) or _near(_RAMQ_CUE, text, found.span(), 40):
            yield found.span()
    for found in _TEN_DIGITS.finditer(text):
        digits = re.sub(r"\D", "", found[1])
        cue = bool(found[2]) or _near(_HEALTH_CUE, text, found.span(), 40)
        if cue and digits[0] != "0" and (luhn(digits) or british_columbia(digits)):
            yield found.span()


def ramq_date_possible(year: str, month: str, day: str) -> bool:
    """The century is not in the number: either will do."""
    number = int(month) - 50 if int(month) > 50 else int(month)
    return any(_is_date(century + int(year), number, int(day)) for century in (1900, 2000))


_EBCDIC = {
    c: code
    for letters, first in (("ABCDEFGHI", 193), ("JKLMNOPQR", 209), ("STUVWXYZ", 226), ("0123456789", 240))
    for code, c in enumerate(letters, first)
}
_RAMQ_WEIGHTS = (1, 3, 7, 9, 1, 7, 1, 3, 4, 5, 7, 6, 9, 1)


def ramq_digit_right(number: str) -> bool:
    """Known from public code, not from the RAMQ itself: it tells how sure, never whether."""
    number = re.sub(r"[^A-Z0-9]", "", number.upper())
    month = int(number[6:8])
    sex, month = ("F", month - 50) if month > 50 else ("M", month)
    centuries = (f"{century}{number[4:6]}{sex}{month:02d}{number[8:11]}" for century in (19, 20))
    sums = (sum(_EBCDIC[c] * w for c, w in zip(number[:4] + rest, _RAMQ_WEIGHTS, strict=True)) for rest in centuries)
    return number[11] in {str(total % 10) for total in sums}


def british_columbia(digits: str) -> bool:
    if digits[0] != "9":
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[1:9], (2, 4, 8, 5, 10, 9, 7, 3), strict=True))
    return (11 - total % 11) % 11 == int(digits[9])


# --- other numbers --------------------------------------------------------------------------------------

_NINE_DIGITS = re.compile(r"(?<![\w-])\d{3}[ -]?\d{3}[ -]?\d{3}(?![\w-])")
_SIN_CUE = re.compile(r"\b(?:NAS|SIN)\b|assurance[ -]sociale|social insurance", re.IGNORECASE)
_PRODUCT = re.compile(r"\b(?:DIN(?:-HM)?|NPN)\s*[:#]?\s*\d{8}\b", re.IGNORECASE)
_RX = re.compile(
    r"(?:#\s*rx|\brx\b|\bordonnances?|\bprescriptions?)\s*(?:no\.?|n[o°]|num[ée]ro|number)?\s*[:#]?\s*(\d{6,8}|\d{2,5}-\d{2,6})\b",
    re.IGNORECASE,
)
_RECORD = re.compile(r"\b(?:dossier|file|chart)\s*(?:no\.?|n[o°]|num[ée]ro|number)?\s*[:#]?\s*(\d{4,})\b", re.IGNORECASE)
_MONTH = (
    r"(?:janv?\w*|f[ée]v\w*|mars|avr\w*|mai|juin|juil\w*|ao[uû]t|sept?\w*|oct\w*|nov\w*|d[ée]c\w*"
    r"|feb\w*|mar\w*|apr\w*|may|jun\w*|jul\w*|aug\w*)"
)
_DATE = re.compile(
    r"\b(?:\d{4}[-/. ]\d{1,2}[-/. ]\d{1,2}|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}"
    rf"|\d{{1,2}}(?:er)? {_MONTH} \d{{4}}|{_MONTH} \d{{1,2}},? \d{{4}})\b",
    re.IGNORECASE,
)
_BIRTH_CUE = re.compile(r"\bn[ée]e?s?\b|naissance|\bDDN\b|\bborn\b|\bDOB\b|birth", re.IGNORECASE)


def product_numbers(text: str) -> Spans:
    return (found.span() for found in _PRODUCT.finditer(text))


def social_insurance_numbers(text: str) -> Spans:
    for found in _NINE_DIGITS.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if (digits[0] not in "08" and luhn(digits)) or _near(_SIN_CUE, text, found.span(), 25):
            yield found.span()


def prescription_numbers(text: str) -> Spans:
    return (found.span(1) for found in _RX.finditer(text))


def record_numbers(text: str) -> Spans:
    return (found.span(1) for found in _RECORD.finditer(text))


def birth_dates(text: str) -> Spans:
    """A date is nobody's until something says that it is a birth."""
    return (found.span() for found in _DATE.finditer(text) if _near(_BIRTH_CUE, text, found.span(), 25))


# --- where somebody is ----------------------------------------------------------------------------------

_EMAIL = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b[\w.+-]+ ?(?:\(?arobase\)?|\(at\)|\[at\]| at ) ?[\w-]+ ?(?:\(?point\)?|\(?dot\)?) ?[a-z]{2,}\b",
    re.IGNORECASE,
)
_POSTAL = re.compile(r"\b[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]?\d[ABCEGHJ-NPRSTV-Z]\d\b", re.IGNORECASE)
_STREET = re.compile(
    r"\b\d{1,5}(?:[-–]\d{1,5})?,? (?:(?:rue|av\.?|avenue|boul\.?|boulevard|ch\.?|chemin|rang|place|montée|côte) [\w'’-]+"
    r"|[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)? (?:street|st\.|avenue|ave\.?|road|rd\.?|drive|boulevard|blvd\.?)\b)",
    re.IGNORECASE,
)


def phones(text: str) -> Spans:
    products = [found.span() for found in _PRODUCT.finditer(text)]
    for found in phonenumbers.PhoneNumberMatcher(text, "CA"):
        if not any(start < found.end and found.start < end for start, end in products):
            yield found.start, found.end


def emails(text: str) -> Spans:
    return (found.span() for found in _EMAIL.finditer(text))


def postal_codes(text: str) -> Spans:
    return (found.span() for found in _POSTAL.finditer(text))


def addresses(text: str) -> Spans:
    return (found.span() for found in _STREET.finditer(text))


# --- help -----------------------------------------------------------------------------------------------


def luhn(digits: str) -> bool:
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _near(cue: re.Pattern[str], text: str, span: tuple[int, int], distance: int) -> bool:
    return bool(cue.search(text, max(0, span[0] - distance), span[1] + distance))


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
