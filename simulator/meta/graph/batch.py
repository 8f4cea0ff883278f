"""Several calls in one: POST / with batch=[…]. Each is answered as it would be alone, in order."""

import io
import json
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse

from simulator.meta.graph.answers import answer, refuse
from simulator.meta.graph.errors import GraphError
from simulator.meta.graph.view import graph, params_of
from simulator.wire import Json

MOST = 50


def batch(request: HttpRequest, version: str = "") -> HttpResponse:
    try:
        params = params_of(request)
        if "ids" in params:
            raise GraphError(100, message="(#100) The parameter ids is not supported")
        asked = params.get("batch")
        asked = json.loads(asked) if isinstance(asked, str) else asked
        if not isinstance(asked, list):
            raise GraphError(100, message="(#100) The parameter batch is required")
        if len(asked) > MOST:
            raise GraphError(100, message=f"(#100) Too many requests in batch message. Maximum batch size is {MOST}")
    except ValueError:
        return refuse(GraphError(100, message="(#100) Param batch must be a JSON array"), None)
    except GraphError as error:
        return refuse(error, None)
    headers = str(params.get("include_headers", "true")).lower() != "false"
    return answer([_part(request, each, params, version, headers) for each in asked], None)


def _part(request: HttpRequest, asked: Json, params: Json, version: str, headers: bool) -> Json | None:
    # Without a token of its own a part uses the batch's, and with it the proof.
    shared = {name: params[name] for name in ("access_token", "appsecret_proof") if params.get(name)}
    inner = _request(request, asked, shared)
    path = inner.path.strip("/")
    own, _, rest = path.partition("/")
    if own.startswith("v") and own[1:2].isdigit():
        version, path = own, rest
    response = graph(inner, path, version) if version else graph(inner, path)
    if response.status_code == 200 and asked.get("omit_response_on_success"):
        return None
    shown: Json = {"code": response.status_code}
    if headers:
        shown["headers"] = [{"name": name, "value": value} for name, value in response.items()]
    return shown | {"body": response.content.decode()}


def _request(outer: HttpRequest, asked: Json, shared: Json) -> HttpRequest:
    address = urlsplit(str(asked.get("relative_url", "")))
    body = str(asked.get("body", "")).encode()
    query = address.query
    if "access_token=" not in query and b"access_token=" not in body:
        query = "&".join(part for part in (query, urlencode(shared)) if part)
    environ: dict[str, Any] = outer.META | {
        "REQUEST_METHOD": str(asked.get("method", "GET")).upper(),
        "PATH_INFO": "/" + address.path.lstrip("/"),
        "QUERY_STRING": query,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    environ.pop("HTTP_AUTHORIZATION", None)
    return WSGIRequest(environ)
