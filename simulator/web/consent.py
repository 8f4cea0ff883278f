"""The page on which a person lets an app in, as every platform has one; what follows is the platform's own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from simulator.models import Page
from simulator.web.middleware import POLICY
from simulator.wire import Json

TEMPLATE = "simulator/consent.html"


@dataclass(frozen=True, slots=True)
class Consent:
    """grant: a code for what was chosen of pages and scopes. tail: what a platform hangs on the end of every way back."""

    label: str
    pages: Sequence[Page]
    scopes: Sequence[tuple[str, str]]  # (scope, in words)
    grant: Callable[[list[Page], list[str]], str]
    refusal: Json
    several: bool = False  # whether more than one page may be chosen
    choosable: bool = False  # whether a scope may be left out
    person: str = ""
    tail: str = ""


def ask(request: HttpRequest, consent: Consent) -> HttpResponse:
    """The page, and after a decision the way back to the app with a code or with a refusal."""
    if request.method == "POST":
        return _decided(request, consent)
    response = render(request, TEMPLATE, {"consent": consent})
    # What the person decides leads back to the app, and a browser asks for leave to go there.
    address = urlsplit(request.GET["redirect_uri"])
    response["Content-Security-Policy"] = f"{POLICY} {address.scheme}://{address.netloc}"
    return response


def refuse(request: HttpRequest, label: str, why: str) -> HttpResponse:
    return render(request, TEMPLATE, {"label": label, "why": why}, status=400)


def _decided(request: HttpRequest, consent: Consent) -> HttpResponseRedirect:
    chosen = request.POST.getlist("page")
    pages = [page for page in consent.pages if page.external_id in chosen]
    if request.POST.get("decision") != "agree" or not pages:
        return _back(request, consent, consent.refusal)
    left = request.POST.getlist("scope") if consent.choosable else [scope for scope, _ in consent.scopes]
    return _back(request, consent, {"code": consent.grant(pages, [scope for scope, _ in consent.scopes if scope in left])})


def _back(request: HttpRequest, consent: Consent, told: Json) -> HttpResponseRedirect:
    told = told | ({"state": request.GET["state"]} if request.GET.get("state") else {})
    address = request.GET["redirect_uri"]
    return HttpResponseRedirect(f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(told)}{consent.tail}")
