"""Check digits: they tell how sure a number is, never that it is nobody's, because people mistype."""

import re
from datetime import date

_EBCDIC = {
    c: code
    for letters, first in (("ABCDEFGHI", 193), ("JKLMNOPQR", 209), ("STUVWXYZ", 226), ("0123456789", 240))
    for code, c in enumerate(letters, first)
}
_RAMQ_WEIGHTS = (1, 3, 7, 9, 1, 7, 1, 3, 4, 5, 7, 6, 9, 1)


def luhn(digits: str) -> bool:
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def ramq_date_possible(year: str, month: str, day: str) -> bool:
    """The century is not in the number: either will do. Women have 50 more months."""
    number = int(month) - 50 if int(month) > 50 else int(month)
    return any(is_date(century + int(year), number, int(day)) for century in (1900, 2000))


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


def is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
