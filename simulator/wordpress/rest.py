"""WordPress's REST calls: which site, who calls, and how WordPress words what it refuses."""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from simulator import faults, options, tokens, wire
from simulator.models import Page, Token
from simulator.wire import Json

MODERATE = "moderate_comments"
WRONG_PASSWORD = "The provided password is an invalid application password."  # noqa: S105
CRITICAL = "<p>There has been a critical error on this website.</p>"


class WordPressError(Exception):
    def __init__(self, code: str, message: str, status: int, **data: Any) -> None:
        super().__init__(message)
        self.code, self.message, self.status, self.data = code, message, status, data


@dataclass(slots=True)
class Call:
    request: HttpRequest
    page: Page
    user: Token | None
    params: Json
    moment: datetime

    @property
    def moderates(self) -> bool:
        return self.user is not None and self.user.allows(MODERATE)

    @property
    def denied(self) -> int:
        """Who is nobody is asked who they are; who is somebody is told no."""
        return 403 if self.user else 401

    @property
    def root(self) -> str:
        return self.request.build_absolute_uri(self.request.path.partition("/wp/v2/")[0] + "/wp/v2/")

    def number(self, name: str, usual: int, least: int = 0, most: int = 10**9) -> int:
        text = str(self.params.get(name, usual))
        if not text.isdecimal() or not least <= int(text) <= most:
            raise invalid(name, f"{name} must be between {least} (inclusive) and {most} (inclusive)")
        return int(text)


def invalid(name: str, why: str) -> WordPressError:
    return WordPressError("rest_invalid_param", f"Invalid parameter(s): {name}", 400, params={name: why})


Answer = tuple[Any, int, dict[str, str]]  # what, the status, the headers
View = Callable[..., Answer]


def rest(view: View) -> Callable[..., HttpResponse]:
    """Site, account, faults and errors around a call; the view gets a Call and what the path names."""

    @csrf_exempt
    def wrapped(request: HttpRequest, site: str = "", **path: str) -> HttpResponse:
        write = request.method != "GET"
        try:
            user = _user(request)
            page = _site(site, user)
            faults.before(page, write=write)
            call = Call(request, page, user, _params(request), options.now())
            with transaction.atomic():
                value, status, headers = view(call, **path)
            if write:
                request.moment = call.moment  # type: ignore[attr-defined]
                value = _after(value, page, request)
            return wire.answer(value, status, headers)
        except WordPressError as error:
            return refuse(error)
        except faults.Refused as refused:
            return _refused(refused)
        except faults.Dropped:
            return faults.drop(request)

    return wrapped


def _user(request: HttpRequest) -> Token | None:
    """An account with one of its application passwords, in which spaces do not count."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    user = tokens.find(f"{name}:{password.replace(' ', '')}", "wordpress")
    if user is None:
        known = Token.objects.filter(platform="wordpress", value__startswith=f"{name}:").exists()
        code, words = ("incorrect_password", WRONG_PASSWORD) if known else ("invalid_username", "Unknown username.")
        raise WordPressError(code, words, 401)
    return user


def _site(site: str, user: Token | None) -> Page:
    """By its path; at the root, that of the account."""
    sites = Page.objects.filter(platform="wordpress")
    found = sites.filter(username=site).first() if site else (user.page if user else None) or sites.first()
    if found is None or (user and user.page_id != found.pk):
        raise WordPressError("rest_no_route", "No route was found matching the URL and request method.", 404)
    return found


def _params(request: HttpRequest) -> Json:
    given: Json = request.GET.dict()
    if request.content_type == "application/json" and request.body:
        try:
            parsed = json.loads(request.body)
        except ValueError as error:
            raise WordPressError("rest_invalid_json", "Invalid JSON body passed.", 400) from error
        return given | (parsed if isinstance(parsed, dict) else {})
    return given | request.POST.dict()


REFUSALS = {
    "comment_flood": ("You are posting comments too quickly. Slow down.", 400),
    "comment_duplicate": ("Duplicate comment detected; it looks as though you’ve already said that!", 409),
    "rest_comment_closed": ("Sorry, comments are closed for this item.", 403),
    "rest_cannot_edit": ("Sorry, you are not allowed to edit this comment.", 403),
    "rest_forbidden": ("Sorry, you are not allowed to do that.", 403),
}


def named(code: str) -> WordPressError:
    message, status = REFUSALS[code]
    return WordPressError(code, message, status)


def _refused(refused: faults.Refused) -> HttpResponse:
    if refused.dead:
        return refuse(WordPressError("incorrect_password", WRONG_PASSWORD, 401))
    if refused.throttled:  # WordPress itself has no limit: what stands before it has
        page = "<html><head><title>429 Too Many Requests</title></head><body><center>nginx</center></body></html>"
        return HttpResponse(page, status=429, content_type="text/html", headers={"Retry-After": "60"})
    return refuse(named(refused.name if refused.name in REFUSALS else "rest_forbidden"))


def _after(value: Any, page: Page, request: HttpRequest) -> Any:
    match faults.after(page, request):
        case "error":
            raise WordPressError("internal_server_error", CRITICAL, 500)
        case "no_id":
            return {}
        case _:
            return value


def refuse(error: WordPressError) -> HttpResponse:
    return wire.answer(
        {"code": error.code, "message": error.message, "data": {"status": error.status} | error.data}, error.status
    )


def paged(call: Call, rows: Any, show: Callable[[Any], Json], usual: int = 10) -> Answer:
    page, size = call.number("page", 1, 1), call.number("per_page", usual, 1, 100)
    total = rows.count()
    pages = -(-total // size)
    links = []
    for name, other in (("prev", min(page - 1, pages)), ("next", page + 1)):
        if 1 <= other <= pages:
            query = call.request.GET.copy()
            query["page"] = str(other)
            links.append(f'<{call.request.build_absolute_uri(call.request.path)}?{query.urlencode()}>; rel="{name}"')
    headers = {"X-WP-Total": str(total), "X-WP-TotalPages": str(pages)} | ({"Link": ", ".join(links)} if links else {})
    return [pick(call, show(row)) for row in rows[(page - 1) * size : page * size]], 200, headers


def pick(call: Call, shown: Json) -> Json:
    wanted = {part.strip().partition(".")[0] for part in str(call.params.get("_fields", "")).split(",")} - {""}
    return {name: value for name, value in shown.items() if not wanted or name in wanted}
