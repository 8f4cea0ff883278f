"""How Graph answers: JSON with escaped slashes, the version that was used, and what of the quota is gone."""

import hashlib
from typing import Any

from django.http import HttpResponse

from simulator import wire
from simulator.meta.graph.call import Call
from simulator.meta.graph.errors import TITLES, GraphError
from simulator.meta.graph.scopes import through_a_page
from simulator.models import Page
from simulator.wire import Json

USED = {"call_count": 3, "total_time": 2, "total_cputime": 1}
FULL = {"call_count": 100, "total_time": 100, "total_cputime": 100}
BUSINESS_CASES = {"80001": "pages", "80002": "instagram", "80006": "messenger"}
OF_THE_APP = {"4", "17"}  # told in X-App-Usage
OF_THE_PAGE = {"32"}  # told in X-Page-Usage


def answer(value: Any, call: Call | None, *, status: int = 200) -> HttpResponse:
    return wire.answer(value, status, _headers(value, call))


def refuse(error: GraphError, call: Call | None) -> HttpResponse:
    page = call.owner if call else None
    body: Json = {"message": error.message, "type": _type(error, page), "code": error.code}
    if error.subcode:
        body["error_subcode"] = error.subcode
        title, words = TITLES.get(f"{error.code}/{error.subcode}", ("", ""))
        body |= {"error_user_title": title, "error_user_msg": words} if title else {}
    if error.status >= 500:
        body["is_transient"] = True
    if error.details:
        body["error_data"] = {"messaging_product": "whatsapp", "details": error.details}
    body["fbtrace_id"] = _trace(body)
    return answer({"error": body}, call, status=error.status)


def _type(error: GraphError, page: Page | None) -> str:
    if error.code == 100 and error.subcode == 33:
        return "GraphMethodException"
    instagram = page is not None and page.platform == "instagram" and not through_a_page(page)
    return "IGApiException" if instagram else "OAuthException"


def _headers(value: Any, call: Call | None) -> dict[str, str]:
    headers = {"x-fb-trace-id": _trace(value), "x-fb-request-id": _trace(["request", value])}
    if call is None:
        return headers
    throttle, minutes = str(call.usage.get("code", "")), call.usage.get("minutes", 0)
    headers |= {"facebook-api-version": call.version}
    headers["X-App-Usage"] = wire.dumps(FULL if throttle in OF_THE_APP else USED)
    if call.owner is None:
        return headers
    if throttle in OF_THE_PAGE:
        headers["X-Page-Usage"] = wire.dumps(FULL)
    business = throttle and throttle not in OF_THE_APP | OF_THE_PAGE
    usual = "instagram" if call.owner.platform == "instagram" else "pages"
    told = (FULL if business else USED) | {"type": BUSINESS_CASES.get(throttle, usual)}
    told |= {"estimated_time_to_regain_access": minutes if business else 0}
    headers["X-Business-Use-Case-Usage"] = wire.dumps({call.owner.external_id: [told]})
    return headers


def _trace(value: Any) -> str:
    return "A" + hashlib.sha256(repr(value).encode()).hexdigest()[:20]
