"""CSV for people who open it in a spreadsheet: streamed, with a byte order mark, and with no cell that runs as a formula.

Excel in French reads a semicolon between cells and a comma in a number; in English a comma and a point.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import StreamingHttpResponse
from django.utils.translation import get_language

BOM = "\ufeff"  # without it Excel reads é as two letters
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


class _Echo:
    def write(self, line: str) -> str:
        return line


def safe(value: Any, *, french: bool = False) -> Any:
    """Text that a spreadsheet would run is kept as text by an apostrophe; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, float) and french:
        return str(value).replace(".", ",")
    if isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def respond(name: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines(headers, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def lines(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    # Asked now: by the time the lines are drawn, the request's language may be gone.
    return _lines(headers, rows, french=(get_language() or "fr").startswith("fr"))


def _lines(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, french: bool) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";" if french else ",")
    yield BOM + writer.writerow([str(header) for header in headers])
    for row in rows:
        yield writer.writerow([safe(value, french=french) for value in row])


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """A moment on the wall clock of a place; empty for none."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else ""
