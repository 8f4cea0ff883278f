"""The public holidays of a province, as its law has them. Pure; what they are comes with the package `holidays`.

Where the law lets an employer choose (in Québec Good Friday or Easter Monday), the first of them is named here. Of a holiday
that falls on a weekend, the day off in its place is named too.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays

KEPT = 13 * 2 * 4  # provinces, languages, years


def between(province: str, first: date, last: date, *, language: str) -> dict[date, str]:
    """Each with its name, in order; both ends belong to it."""
    years = [
        _of_year(province, year, "en_CA" if language.startswith("en") else "fr") for year in range(first.year, last.year + 1)
    ]
    return {day: name for year in years for day, name in year.items() if first <= day <= last}


@lru_cache(maxsize=KEPT)
def _of_year(province: str, year: int, language: str) -> Mapping[date, str]:
    found = holidays.country_holidays("CA", subdiv=province, years=year, language=language)
    return {day: name.replace("'", "’").replace("; ", ", ") for day, name in sorted(found.items()) if day.year == year}
