"""The picked template as the composer draws it, piece by piece."""

from typing import Any

from django.utils import timezone

from responses import wording
from responses.composing import values
from responses.composing.forms import Sheet


def parts_of(sheet: Sheet) -> list[dict[str, Any]]:
    """Locked words, known fields, and the two that a person fills in; nothing where none is picked."""
    if sheet.version is None:
        return []
    known = values.of(sheet.conversation, language=sheet.language, now=timezone.now(), filled=sheet.typed)
    segments = wording.segments(sheet.version.body(sheet.language))
    return [_part(segment, known, first) for segment, first in _firsts(segments)]


def _part(segment: wording.Segment, known: dict[str, str], first: bool) -> dict[str, Any]:
    if not segment.field:
        return {"kind": "locked", "text": segment.text}
    kind = segment.field if segment.field in values.BY_STAFF and first else "known"
    return {"kind": kind, "text": known.get(segment.field, ""), "label": wording.BY_NAME[segment.field].label}


def _firsts(segments: list[wording.Segment]) -> list[tuple[wording.Segment, bool]]:
    """Each segment, and whether its field stands there for the first time: a name is typed once, and shown wherever it stands."""
    met: set[str] = set()
    marked = []
    for segment in segments:
        marked.append((segment, segment.field not in met))
        met.add(segment.field)
    return marked
