"""YouTube's calls: who calls, what it costs, what may go wrong, and how YouTube words it."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from simulator import faults, options, tokens
from simulator.models import Page
from simulator.wire import Json

SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"
READ, WRITE = 1, 50  # units
_units: Counter[str] = Counter()  # by the day of California


class YouTubeError(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


# reason: status, domain, message
ERRORS = {
    "authError": (401, "global", "Invalid Credentials"),
    "insufficientPermissions": (403, "global", "Request had insufficient authentication scopes."),
    "quotaExceeded": (
        403,
        "youtube.quota",
        'The request cannot be completed because you have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.',
    ),
    "rateLimitExceeded": (403, "usageLimits", "Rate Limit Exceeded"),
    "missingRequiredParameter": (400, "youtube.parameter", "No filter selected. Expected one of: id, parentId, videoId"),
    "incompatibleParameters": (400, "youtube.parameter", "Incompatible parameters specified in the request"),
    "invalidParameter": (400, "youtube.parameter", "Invalid value for a parameter"),
    "invalidPageToken": (400, "youtube.parameter", "The request specifies an invalid page token."),
    "forbidden": (403, "youtube.comment", "The request might not be properly authorized."),
    "ineligibleAccount": (403, "youtube.comment", "The YouTube account must be merged with the user's Google account."),
    "commentsDisabled": (403, "youtube.commentThread", "The video has disabled comments."),
    "operationNotSupported": (400, "youtube.comment", "The API user is not able to reply to the top-level comment."),
    "commentTextRequired": (400, "youtube.comment", "Comments cannot be empty."),
    "commentTextTooLong": (400, "youtube.comment", "The comment contains too many characters."),
    "parentIdMissing": (400, "youtube.comment", "The comment must be linked to a parent comment."),
    "processingFailure": (400, "youtube.comment", "The API server failed to successfully process the request."),
    "commentNotFound": (404, "youtube.comment", "One or more of the comments cannot be found."),
    "parentCommentNotFound": (404, "youtube.comment", "The specified parent comment could not be found."),
    "backendError": (500, "global", "Backend Error"),
}


def _refuse(reason: str) -> HttpResponse:
    status, domain, message = ERRORS[reason]
    one = {"message": message, "domain": domain, "reason": reason}
    return JsonResponse({"error": {"code": status, "message": message, "errors": [one]}}, status=status)


def call(view: Callable[..., Json | None]) -> Callable[..., HttpResponse]:
    """Token, units, faults and errors around a call; the view gets (request, page) and gives JSON, or nothing."""

    @csrf_exempt
    def wrapped(request: HttpRequest) -> HttpResponse:
        write = request.method != "GET"
        try:
            page = _caller(request)
            _spend(WRITE if write else READ)
            faults.before(page, write=write)
            request.moment = options.now()  # type: ignore[attr-defined]
            with transaction.atomic():
                told = view(request, page)
            if not write:
                return JsonResponse(_emptied(page, _pick(told or {}, request.GET.get("fields", ""))))
            match faults.after(page, request):
                case "error":
                    raise YouTubeError("backendError")
                case "no_id":
                    told = {} if told else None
            return HttpResponse(status=204) if told is None else JsonResponse(told)
        except YouTubeError as error:
            return _refuse(error.reason)
        except faults.Refused as refused:
            usual = "authError" if refused.dead else "rateLimitExceeded" if refused.throttled else "forbidden"
            return _refuse(refused.name if refused.name in ERRORS else GRAPH.get(refused.name, usual))
        except faults.Dropped:
            return faults.drop(request)

    return wrapped


GRAPH = {"100/33": "commentNotFound"}  # the fault that is called "gone" wherever it is turned on


def _caller(request: HttpRequest) -> Page:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    token = tokens.find(value.strip(), "google", "youtube") if scheme.lower() == "bearer" else None
    if token is None or token.kind not in ("access", "page") or token.page is None:
        raise YouTubeError("authError")
    if token.page.platform != "youtube" or not token.allows(SCOPE):
        raise YouTubeError("insufficientPermissions")
    return token.page


def forget() -> None:
    _units.clear()


def _spend(units: int) -> None:
    day = options.now().astimezone(ZoneInfo("America/Los_Angeles")).date().isoformat()
    if _units[day] + units > int(options.get("youtube_daily_units")):
        raise YouTubeError("quotaExceeded")
    _units[day] += units


def _emptied(page: Page, told: Json) -> Json:
    return told | {"items": []} if told.get("items") and faults.take(page, faults.Kind.EMPTY_LISTS) else told


# --- partial responses: fields=nextPageToken,items(id,snippet(title)) ----------------------------


def _pick(value: Any, fields: str) -> Any:
    if not fields or not isinstance(value, dict | list):
        return value
    if isinstance(value, list):
        return [_pick(each, fields) for each in value]
    wanted = [part.partition("(") for part in _parts(fields)]
    return {name: _pick(value[name], inner.removesuffix(")")) for name, _, inner in wanted if name in value}


def _parts(fields: str) -> list[str]:
    """What the commas outside of brackets divide; a/b is a(b)."""
    depth, parts = 0, [""]
    for letter in fields:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        parts = [*parts, ""] if letter == "," and not depth else [*parts[:-1], parts[-1] + letter]
    return [f"{part.partition('/')[0]}({part.partition('/')[2]})" if "/" in part.partition("(")[0] else part for part in parts]
