from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date

from simulator import faults, options

POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"

View = Callable[[HttpRequest], HttpResponse]


def platform_time(get_response: View) -> Callable[[HttpRequest], HttpResponseBase]:
    """`Date` tells the platform's clock: the very moment a write was accepted, where there was one."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        moment = getattr(request, "moment", None) or options.now()
        response["Date"] = http_date(moment.timestamp())
        if not response.streaming:
            response["Content-Length"] = str(len(response.content))  # without it the server hangs up after each answer
            if getattr(request, "cut", False):
                return faults.half(request, response)
        return response

    return middleware


def content_security(get_response: View) -> View:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response["X-Content-Type-Options"] = "nosniff"
        return response

    return middleware
