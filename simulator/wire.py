"""JSON as the platforms write it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

Json = dict[str, Any]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def dumps(value: Any) -> str:
    """ASCII with lower-case escapes, as both families send it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)


def dumps_meta(value: Any) -> str:
    """Graph also escapes slashes; a slash occurs only inside JSON strings, so replacing is safe."""
    return dumps(value).replace("/", "\\/")


def answer(value: Any, status: int = 200, headers: dict[str, str] | None = None, *, meta: bool = True) -> HttpResponse:
    text = dumps_meta(value) if meta else dumps(value)
    return HttpResponse(text, status=status, content_type="application/json; charset=UTF-8", headers=headers)


def iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def seconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(seconds=1)


def milliseconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(milliseconds=1)


def body_of(request: HttpRequest) -> Json:
    """The parameters of a call, wherever they were put: query, form or JSON."""
    given: Json = request.GET.dict()
    if request.content_type == "application/json" and request.body:
        parsed = json.loads(request.body)
        return given | parsed if isinstance(parsed, dict) else given
    return given | request.POST.dict()
