"""How a call of /_sim/ is answered: JSON in, JSON out; 400 and 404 say what was wrong."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.dateparse import parse_datetime

from simulator.models import Page
from simulator.wire import Json

Answer = Any


def asked(view: Callable[..., Answer]) -> Callable[..., HttpResponse]:
    """Give the view the parameters, and its answer to the caller."""

    @wraps(view)
    def wrapped(request: HttpRequest, **path: str) -> HttpResponse:
        try:
            given = request.GET.dict() if request.method == "GET" else json.loads(request.body or b"{}")
            answer = view(given, **path) if request.method != "DELETE" else view({"delete": True}, **path)
            return JsonResponse(answer, safe=False)
        except (ObjectDoesNotExist, KeyError) as error:
            return JsonResponse({"error": f"unknown or missing: {error}"}, status=404)
        except (ValueError, TypeError, IntegrityError) as error:
            return JsonResponse({"error": str(error)}, status=400)

    wrapped.csrf_exempt = True  # type: ignore[attr-defined]
    return wrapped


def page_of(given: Json) -> Page:
    return Page.objects.get(external_id=str(given["page"]))


def at_of(given: Json) -> datetime | None:
    if not given.get("at"):
        return None
    at = parse_datetime(str(given["at"]))
    if at is None or at.tzinfo is None:
        raise ValueError("`at` must be an ISO time with a zone")
    return at
