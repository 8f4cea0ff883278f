"""Google's calls: who calls, what may go wrong, and how Google words it."""

import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from simulator import faults, options, tokens
from simulator.models import Page, Token
from simulator.wire import Json

SCOPE = "https://www.googleapis.com/auth/business.manage"
STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
UNAUTHENTICATED = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication "
    "credential."
)
NOT_FOUND = "Requested entity was not found."
FORBIDDEN = "The caller does not have permission"


class GoogleError(Exception):
    def __init__(self, code: int, message: str, status: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status or STATUSES[code]


View = Callable[..., Any]


def google_call(view: View) -> Callable[..., HttpResponse]:
    """Token, faults and errors around a call; the view gets (request, token, moment, …) and gives JSON."""

    @csrf_exempt
    def wrapped(request: HttpRequest, **path: str) -> HttpResponse:
        write = request.method != "GET"
        try:
            token = _caller(request)
            page = _about(token, path)
            faults.before(page, write=write)
            moment = options.now()
            with transaction.atomic():
                answer = view(request, token, moment, **path)
            if write:
                request.moment = moment  # type: ignore[attr-defined]
                return _after(answer, page, request)
            return JsonResponse(answer)
        except GoogleError as error:
            return refuse(error)
        except faults.Refused as refused:
            return refuse(_refusal(refused))
        except faults.Dropped:
            return faults.drop(request)

    return wrapped


def _caller(request: HttpRequest) -> Token:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    token = tokens.find(value.strip(), "google") if scheme.lower() == "bearer" else None
    if token is None or token.kind not in ("page", "access") or token.page is None:
        raise GoogleError(401, UNAUTHENTICATED)
    if not token.allows(SCOPE):
        raise GoogleError(403, "Request had insufficient authentication scopes.")
    return token


def _about(token: Token, path: dict[str, str]) -> Page:
    """The location a call is about, or one of the caller's own: faults are turned on by location."""
    name = f"accounts/{path.get('account')}/locations/{path.get('location')}"
    assert token.page is not None  # noqa: S101
    return Page.objects.filter(platform="google", external_id=name).first() or token.page


def _refusal(refused: faults.Refused) -> GoogleError:
    if refused.dead:
        return GoogleError(401, UNAUTHENTICATED)
    if refused.throttled:
        return GoogleError(429, "Quota exceeded for quota metric 'Requests' and limit 'Requests per minute'.")
    code = int(refused.name) if refused.name in {"400", "403", "404", "409", "500", "503"} else 403
    return GoogleError(code, FORBIDDEN if code == 403 else STATUSES[code])


def _after(answer: Json, page: Page, request: HttpRequest) -> HttpResponse:
    match faults.after(page, request):
        case "error":
            raise GoogleError(500, "Internal error encountered.")
        case "no_id":
            return JsonResponse({})
        case _:
            return JsonResponse(answer)


def refuse(error: GoogleError) -> HttpResponse:
    body = {"error": {"code": error.code, "message": error.message, "status": error.status}}
    return JsonResponse(body, status=error.code)


def account_of(page: Page) -> str:
    return page.external_id.partition("/locations/")[0]


def owned(token: Token) -> list[Page]:
    """What the person who granted the token manages: every location of the account."""
    assert token.page is not None  # noqa: S101
    return [page for page in Page.objects.filter(platform="google") if account_of(page) == account_of(token.page)]


def location(token: Token, account: str, location: str) -> Page:
    name = f"accounts/{account}/locations/{location}"
    found = next((page for page in owned(token) if page.external_id == name), None)
    if found is None:
        exists = Page.objects.filter(platform="google", external_id=name).exists()
        raise GoogleError(403, FORBIDDEN) if exists else GoogleError(404, NOT_FOUND)
    return found


def given(request: HttpRequest) -> Json:
    try:
        parsed = json.loads(request.body or b"{}")
    except ValueError as error:
        raise GoogleError(400, "Invalid JSON payload received.") from error
    if not isinstance(parsed, dict):
        raise GoogleError(400, "Invalid JSON payload received. Root element must be a message.")
    return parsed


def page_size(request: HttpRequest, usual: int, most: int) -> int:
    text = request.GET.get("pageSize", "") or str(usual)
    if not text.isdecimal():
        raise GoogleError(400, "Invalid value at 'page_size' (TYPE_INT32)")
    return max(1, min(int(text) or usual, most))


def position(request: HttpRequest) -> int:
    text = request.GET.get("pageToken", "")
    if text and not text.removeprefix("p").isdecimal():
        raise GoogleError(400, "Request contains an invalid argument.")
    return int(text.removeprefix("p") or 0) if text else 0
