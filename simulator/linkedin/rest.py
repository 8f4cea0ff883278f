"""LinkedIn's /rest: headers that every call needs, whose key it is, and how LinkedIn words what it refuses."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from simulator import faults, options, tokens, wire
from simulator.linkedin import members
from simulator.models import Page, Token
from simulator.wire import Json

MISSING = "A version must be present. Please specify a version by adding the LinkedIn-Version header."
# The two names that the documentation has for each scope.
SCOPES = {
    "read": {"r_organization_social", "r_organization_social_feed"},
    "write": {"w_organization_social", "w_organization_social_feed"},
    "admin": {"rw_organization_admin"},
    "roles": {"rw_organization_admin", "r_organization_admin", "r_organization_social", "r_organization_social_feed"},
}
ENCODED = re.compile(r"List%28|%28(?:id|actor|developerApplication|start|timeRange)(?::|%3A)", re.IGNORECASE)
CODES = {
    400: ("ILLEGAL_ARGUMENT", "The request is not valid"),
    403: ("ACCESS_DENIED", "Not enough permissions to access this resource"),
    404: ("NOT_FOUND", "Could not find entity"),
    409: ("CONFLICT", "The resource was changed by another request. Please try again"),
    422: ("UNPROCESSABLE_ENTITY", "The request is understood and cannot be processed"),
    503: ("SERVICE_UNAVAILABLE", "Service Unavailable"),
}
THROTTLES = {
    "comment": "Comment create throttled: creation rate limit exceeded for member",
    "infra": "Request was throttled to protect the infrastructure",
}


class RestError(Exception):
    def __init__(self, status: int, code: str, message: str, service_code: int | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.service_code = status, code, message, service_code


def denied(message: str = "Not enough permissions to access this resource") -> RestError:
    return RestError(403, "ACCESS_DENIED", message, 100)


def not_found(what: str = "the entity") -> RestError:
    return RestError(404, "NOT_FOUND", f"Could not find {what}")


@dataclass(slots=True)
class Call:
    request: HttpRequest
    token: Token
    moment: datetime

    @property
    def member(self) -> str:
        return members.member_of(self.token)

    def needs(self, *scopes: str) -> None:
        """At least one of the names of each."""
        for scope in scopes:
            if self.token.scopes is not None and not SCOPES[scope] & set(self.token.scopes):
                raise denied(f"Not enough permissions to access: {sorted(SCOPES[scope])[0]}")

    def may(self, page: Page, allowed: tuple[str, ...] = members.READ) -> None:
        if members.role(page, self.member) not in allowed:
            raise denied("Viewer does not have the required role on the organization")

    def organization(self, urn: str, allowed: tuple[str, ...] = members.READ) -> Page:
        if not urn.startswith("urn:li:organization:"):
            raise RestError(400, "INVALID_URN_TYPE", f"{urn or 'an empty value'} is not the URN of an organization")
        page = Page.objects.filter(platform="linkedin", external_id=urn).first()
        if page is None:
            raise denied()
        self.may(page, allowed)
        return page

    def body(self) -> Json:
        try:
            given = json.loads(self.request.body or b"{}")
        except ValueError as error:
            raise RestError(400, "ILLEGAL_ARGUMENT", "The request body is not JSON") from error
        return given if isinstance(given, dict) else {}

    def required(self, name: str) -> str:
        value = self.request.GET.get(name, "")
        if not value:
            raise RestError(400, "MISSING_FIELD", f"Query parameter {name} is required")
        return value

    def listed(self, name: str) -> list[str]:
        """List(A,B), its punctuation as it is."""
        match = re.fullmatch(r"List\((.*)\)", self.request.GET.get(name, "List()"))
        if match is None:
            raise RestError(400, "ILLEGAL_ARGUMENT", f"Query parameter {name} is not a List()")
        return [part for part in match[1].split(",") if part]

    def window(self, usual: int = 10, most: int = 100) -> tuple[int, int]:
        start, count = self.request.GET.get("start", "0"), self.request.GET.get("count", str(usual))
        if not start.isdecimal() or not count.isdecimal():
            raise RestError(400, "ILLEGAL_ARGUMENT", "start and count must be numbers")
        return int(start), min(int(count), most)

    def paged(self, rows: list[Any], usual: int = 10) -> HttpResponse:
        start, count = self.window(usual)
        return answer({"elements": rows[start : start + count], "paging": self.paging(start, count, len(rows))})

    def paging(self, start: int, count: int, total: int) -> Json:
        links = []
        for rel, other in (("prev", start - count), ("next", start + count)):
            if (rel == "next" and other < total) or (rel == "prev" and start > 0):
                links.append({"rel": rel, "type": "application/json", "href": self._href(max(0, other), count)})
        return {"start": start, "count": count, "total": total, "links": links}

    def _href(self, start: int, count: int) -> str:
        path, _, query = self.raw.partition("?")
        kept = [part for part in query.split("&") if part and part.partition("=")[0] not in ("start", "count")]
        return f"{path}?{'&'.join([*kept, f'start={start}', f'count={count}'])}"

    @property
    def raw(self) -> str:
        """Path and query as they were sent: URNs encoded, punctuation not."""
        return str(self.request.META["simulator.path"])


def rest_call(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Headers, token and faults around a call; the view gets a Call and what the path names."""

    @csrf_exempt
    def wrapped(request: HttpRequest, **path: str) -> HttpResponse:
        write = request.method != "GET"
        try:
            _check_headers(request)
            _check_path(request)
            token, page = _caller(request)
            faults.before(page, write=write)
            call = Call(request, token, options.now())
            with transaction.atomic():
                response = view(call, **path)
            if not write:
                return response
            request.moment = call.moment  # type: ignore[attr-defined]
            return _after(response, page, request)
        except RestError as error:
            return refuse(error)
        except faults.Refused as refused:
            return refuse(_refusal(refused))
        except faults.Dropped:
            return faults.drop(request)

    return wrapped


def _check_headers(request: HttpRequest) -> None:
    version = request.headers.get("LinkedIn-Version", "")
    if not version:
        raise RestError(400, "VERSION_MISSING", MISSING)
    oldest, newest = options.get("linkedin_versions")
    if not version.isdigit() or not int(oldest) <= int(version[:6]) <= int(newest):
        raise RestError(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active")
    if request.headers.get("X-Restli-Protocol-Version") != "2.0.0":
        raise RestError(400, "INVALID_PROTOCOL_VERSION", "X-Restli-Protocol-Version must be 2.0.0")


def _check_path(request: HttpRequest) -> None:
    """The colons of a URN are encoded; those of (key:value) are not."""
    raw = str(request.META["simulator.path"])
    if "urn:li:" in raw or re.search(
        r"List%28|%28(?:id|actor|developerApplication|start|timeRange)(?::|%3A)", raw, re.IGNORECASE
    ):
        raise RestError(400, "ILLEGAL_ARGUMENT", "Invalid encoding of keys or parameters for protocol version 2.0.0")


def _caller(request: HttpRequest) -> tuple[Token, Page]:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not value.strip():
        raise RestError(401, "EMPTY_ACCESS_TOKEN", "Empty oauth2 access token", 65604)
    kept = Token.objects.select_related("page").filter(platform="linkedin", value=value.strip()).first()
    if kept is None or kept.kind not in ("page", "access") or kept.page is None:
        raise RestError(401, "INVALID_ACCESS_TOKEN", "Invalid access token", 65600)
    if tokens.find(kept.value, "linkedin") is None:
        if kept.dead:
            raise RestError(401, "REVOKED_ACCESS_TOKEN", "The token has been revoked", 65601)
        raise RestError(401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired", 65602)
    return kept, kept.page


def _refusal(refused: faults.Refused) -> RestError:
    if refused.dead:
        return RestError(401, "REVOKED_ACCESS_TOKEN", "The token has been revoked", 65601)
    if refused.throttled:
        usual = "Resource level throttle limit for calls to this resource is reached."
        return RestError(429, "TOO_MANY_REQUESTS", THROTTLES.get(refused.name, usual), None if refused.name else 101)
    status = int(refused.name) if refused.name.isdecimal() and int(refused.name) in CODES else 403
    code, message = CODES[status]
    return RestError(status, code, message, 100 if status == 403 else None)


def _after(response: HttpResponse, page: Page, request: HttpRequest) -> HttpResponse:
    match faults.after(page, request):
        case "error":
            raise RestError(500, "INTERNAL_SERVER_ERROR", "Internal Server Error")
        case "no_id":
            return HttpResponse(status=201)
        case _:
            return response


def refuse(error: RestError) -> HttpResponse:
    body: Json = {"status": error.status}
    body |= {"serviceErrorCode": error.service_code} if error.service_code else {}
    return answer(body | {"code": error.code, "message": error.message}, error.status)


def answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    return wire.answer(value, status, headers, meta=False)
