"""Graph: who calls, about which object, and how refusals look. What a platform does is in its own file."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from simulator import faults, options, platforms, signing, tokens, wire
from simulator.meta import endpoint
from simulator.meta.errors import ERRORS, TITLES
from simulator.models import Comment, Message, Page, Post
from simulator.wire import Json


class GraphError(Exception):
    def __init__(self, code: int, subcode: int | None = None, *, message: str = "", status: int = 400, details: str = "") -> None:
        super().__init__(message)
        self.code, self.subcode, self.message, self.status, self.details = code, subcode, message, status, details

    @classmethod
    def named(cls, name: str) -> "GraphError":
        """From "10/2018278" or "190"."""
        code, _, subcode = name.partition("/")
        message, status = ERRORS.get(name) or ERRORS.get(code) or (f"(#{code}) Refused", 400)
        return cls(int(code), int(subcode) if subcode else None, message=message, status=status)


@dataclass(slots=True)
class Call:
    request: HttpRequest
    page: Page
    params: Json
    moment: datetime
    node: Any = None

    def text(self, name: str, limit: int) -> str:
        text = str(self.params.get(name, ""))
        if not text.strip():
            raise GraphError(100, message=f"(#100) The parameter {name} is required")
        if len(text) > limit:
            raise GraphError(100, message=f"(#100) Param {name} must be no longer than {limit} characters")
        return text

    def pick(self, shown: Json, default: str) -> Json:
        return _pick(shown, _fields(self.params.get("fields") or default))

    def find_comment(self, external_id: str) -> Comment | None:
        """Facebook gives comment ids with or without the post in front, and takes both."""
        comments = Comment.objects.select_related("post__page", "author", "parent")
        found = comments.filter(external_id=external_id).first()
        if found is None and self.page.platform == "facebook" and external_id:
            found = comments.filter(external_id__endswith="_" + external_id.rpartition("_")[2]).first()
        return found


Handler = Callable[[Call], Json]
Routes = dict[tuple[str, str, str], Handler]  # (method, kind of node, edge)


def graph(request: HttpRequest, path: str) -> HttpResponse:
    instagram = False
    page = None
    try:
        params = _params(request)
        if str(params.get("access_token", "")).startswith("dev-user-token") and request.method == "GET":
            return _answer({"data": []})  # a person's token sees nothing of a page, and is not told so
        page = _caller(request, params)
        instagram = page.platform == "instagram"
        faults.before(page, write=request.method != "GET")
        call = Call(request, page, params, options.now())
        with transaction.atomic():
            handler = _find(call, path, platforms.of(page).routes)
            answer = handler(call)
        if request.method == "GET":
            return _answer(answer, page=page)
        request.moment = call.moment  # type: ignore[attr-defined]
        return _after(answer, page)
    except GraphError as error:
        return _refuse(error, page, instagram=instagram)
    except faults.Refused as refused:
        return _refuse(GraphError.named(refused.name or "613"), page, instagram=instagram, throttled=refused.throttled)
    except faults.Dropped:
        return faults.drop(request)


def _after(answer: Json, page: Page) -> HttpResponse:
    match faults.after(page):
        case "error":
            raise GraphError(1, message="An unknown error occurred", status=500)
        case "no_id":
            return _answer({}, page=page)
        case _:
            return _answer(answer, page=page)


def _params(request: HttpRequest) -> Json:
    try:
        params = wire.body_of(request)
    except ValueError as error:
        raise GraphError(100, message="(#100) Invalid JSON in the request body") from error
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return params | ({"access_token": token.strip()} if scheme.lower() == "bearer" else {})


def _caller(request: HttpRequest, params: Json) -> Page:
    token = str(params.get("access_token", ""))
    if not token:
        raise GraphError(104, message="An access token is required to request this resource.", status=400)
    page = tokens.page_of(token, *(slug for slug, platform in platforms.PLATFORMS.items() if platform.routes))
    if page is None:
        raise GraphError.named("190")
    proof = params.get("appsecret_proof")
    known = endpoint.APP_SECRETS + endpoint.INSTAGRAM_SECRETS
    if proof is not None and not any(signing.same(signing.appsecret_proof(secret, token), str(proof)) for secret in known):
        raise GraphError(100, message="Invalid appsecret_proof provided in the API argument")
    return page


def _find(call: Call, path: str, routes: Routes) -> Handler:
    node, _, edge = path.strip("/").partition("/")
    kind, call.node = _resolve(call, node)
    handler = routes.get((call.request.method or "GET", kind, edge))
    if handler is None:
        raise GraphError(100, message=f"(#100) Tried accessing nonexisting field ({edge or node}) on node type ({kind})")
    return handler


def _resolve(call: Call, node: str) -> tuple[str, Any]:
    if special := platforms.of(call.page).resolve(call, node):
        return special
    if node in ("me", call.page.external_id):
        return "page", call.page
    if node.startswith("t_") and (person := call.page.people.filter(external_id=node[2:]).first()):
        return "thread", person
    if person := call.page.people.filter(external_id=node).first():
        return "person", person
    found: list[tuple[str, Post | Comment | Message | None]] = [
        ("post", Post.objects.select_related("page").filter(external_id=node).first()),
        ("comment", call.find_comment(node)),
        ("message", Message.objects.select_related("page", "person").filter(external_id=node).first()),
    ]
    for kind, thing in found:
        if thing is None or getattr(thing, "removed_at", None):
            continue
        if thing.page != call.page:
            raise GraphError.named("10")
        return kind, thing
    if Page.objects.filter(external_id=node).exists():
        raise GraphError.named("10")
    raise GraphError.named("100/33")


# --- lists and fields ----------------------------------------------------------------------------


def paged(call: Call, rows: Any, show: Callable[[Any], Json], *, default: str, most: int = 100) -> Json:
    limit = max(1, min(_limit(call), most))
    start = _position(str(call.params.get("after", "")))
    chosen: Sequence[Any] = list(rows[start : start + limit + 1])
    shown = [call.pick(show(row), default) for row in chosen[:limit]]
    if not shown:
        return {"data": []}
    after = _cursor(start + limit)
    paging: Json = {"cursors": {"before": _cursor(start), "after": after}}
    if len(chosen) > limit:
        query = call.request.GET.copy()
        query.pop("access_token", None)
        query["after"] = after
        paging["next"] = call.request.build_absolute_uri(f"{call.request.path}?{query.urlencode()}")
    return {"data": shown, "paging": paging}


def _limit(call: Call) -> int:
    given = str(call.params.get("limit") or 25)
    if not given.isdecimal():
        raise GraphError(100, message="(#100) Param limit must be an integer")
    return int(given)


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"at:{position}".encode()).decode()


def _position(cursor: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(cursor.encode()).decode().removeprefix("at:")) if cursor else 0
    except ValueError as error:
        raise GraphError(100, message="(#100) Invalid cursor") from error


def _fields(text: str) -> dict[str, str]:
    """'id,from{id,name},messages.limit(20){id}' → {'id': '', 'from': 'id,name', 'messages': 'id'}."""
    fields, depth, part = {}, 0, ""
    for letter in text + ",":
        depth += (letter in "{(") - (letter in "})")
        if letter == "," and depth == 0:
            if match := re.fullmatch(r"\s*(\w+)[^{]*(?:\{(.*)\})?\s*", part):
                fields[match[1]] = match[2] or ""
            part = ""
        else:
            part += letter
    return fields


def _pick(shown: Json, fields: dict[str, str]) -> Json:
    chosen = {name: _nested(shown[name], inner) for name, inner in fields.items() if name in shown}
    return chosen | ({"id": shown["id"]} if "id" in shown else {})


def _nested(value: Any, fields: str) -> Any:
    if not fields or not isinstance(value, dict):
        return value
    if isinstance(value.get("data"), Iterable):
        return {"data": [_pick(item, _fields(fields)) for item in value["data"]]}
    return _pick(value, _fields(fields))


# --- answers -------------------------------------------------------------------------------------


def _answer(value: Any, status: int = 200, *, page: Page | None = None, throttled: bool = False) -> HttpResponse:
    used = {"call_count": 100 if throttled else 3, "total_time": 2, "total_cputime": 1}
    headers = {"X-App-Usage": wire.dumps(used), "facebook-api-version": "v26.0", "x-fb-trace-id": _trace(value)}
    if page:
        kind = "instagram" if page.platform == "instagram" else "pages"
        business = used | {"type": kind, "estimated_time_to_regain_access": 1 if throttled else 0}
        headers["X-Business-Use-Case-Usage"] = wire.dumps({page.external_id: [business]})
    return wire.answer(value, status, headers)


def _refuse(error: GraphError, page: Page | None, *, instagram: bool, throttled: bool = False) -> HttpResponse:
    body: Json = {"message": error.message, "type": "IGApiException" if instagram else "OAuthException", "code": error.code}
    if error.code == 100 and error.subcode == 33:
        body["type"] = "GraphMethodException"
    if error.subcode:
        body["error_subcode"] = error.subcode
        title, words = TITLES.get(f"{error.code}/{error.subcode}", ("", ""))
        body |= {"error_user_title": title, "error_user_msg": words} if title else {}
    if error.details:
        body["error_data"] = {"messaging_product": "whatsapp", "details": error.details}
    if error.status >= 500:
        body["is_transient"] = True
    body["fbtrace_id"] = _trace(body)
    return _answer({"error": body}, 429 if throttled else error.status, page=page, throttled=throttled)


def _trace(value: Any) -> str:
    return "A" + hashlib.sha256(repr(value).encode()).hexdigest()[:20]
