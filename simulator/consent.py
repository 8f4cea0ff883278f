"""The page on which a person lets an app in, as every platform has one; what follows is the platform's own."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from simulator.middleware import POLICY
from simulator.models import Page

Code = Callable[[Page, list[str], Any], str]  # (what was chosen, the scopes, the query) → a code


def ask(request: HttpRequest, *, platform: str, label: str, scopes: list[str], code: Code) -> HttpResponse:
    """The page, and after a decision the way back to the app with a code or with a refusal."""
    if request.method == "POST":
        return _decided(request, platform, scopes, code)
    pages = Page.objects.filter(platform=platform)
    context = {"page": pages.first(), "pages": pages, "label": label, "scopes": scopes}
    response = render(request, "simulator/consent.html", context)
    # A form that leads back to the app must be allowed to: browsers count where it is led on to.
    address = urlsplit(request.GET["redirect_uri"])
    response["Content-Security-Policy"] = POLICY.replace(
        "form-action 'self'", f"form-action 'self' {address.scheme}://{address.netloc}"
    )
    return response


def _decided(request: HttpRequest, platform: str, scopes: list[str], code: Code) -> HttpResponse:
    told = {"state": request.GET["state"]} if "state" in request.GET else {}
    if request.POST.get("answer") == "yes":
        page = get_object_or_404(Page, pk=request.POST.get("page"), platform=platform)
        return _back(request, {"code": code(page, scopes, request.GET)} | told)
    return _back(request, {"error": "user_cancelled_authorize" if platform == "linkedin" else "access_denied"} | told)


def _back(request: HttpRequest, told: dict[str, str]) -> HttpResponse:
    address = request.GET["redirect_uri"]
    return redirect(f"{address}{'&' if '?' in address else '?'}{urlencode(told)}")
