"""The dialogs in which a person agrees, or refuses: Facebook's with its choice of pages, Instagram's with its one account."""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from simulator.meta import endpoint, keys
from simulator.meta.graph import scopes
from simulator.middleware import POLICY
from simulator.models import Page
from simulator.wire import Json

APPS = {endpoint.APP_ID: "facebook", endpoint.INSTAGRAM_APP_ID: "instagram"}
WORDS = {
    "pages_show_list": "voir la liste de vos pages",
    "pages_manage_metadata": "recevoir ce qui arrive sur vos pages",
    "pages_read_engagement": "lire les publications de vos pages",
    "pages_read_user_content": "lire ce que les gens y écrivent",
    "pages_manage_engagement": "répondre, masquer et aimer",
    "pages_messaging": "lire et écrire les messages privés",
    "instagram_basic": "voir le compte Instagram de vos pages",
    "instagram_manage_comments": "gérer les commentaires Instagram",
    "instagram_manage_messages": "gérer les messages Instagram",
    "read_insights": "lire les statistiques de vos pages",
    "instagram_manage_insights": "lire les statistiques Instagram",
    "instagram_business_manage_insights": "lire vos statistiques",
    "instagram_business_basic": "voir votre compte",
    "instagram_business_manage_comments": "gérer vos commentaires",
    "instagram_business_manage_messages": "gérer vos messages",
}


@require_http_methods(["GET", "HEAD", "POST"])
def dialog(request: HttpRequest, version: str = "", platform: str = "facebook") -> HttpResponse:
    asked = request.GET
    redirect_uri = asked.get("redirect_uri", "")
    if APPS.get(asked.get("client_id", "")) != platform:
        return _refused(request, "L’identifiant de l’application n’est pas valide.")
    if urlsplit(redirect_uri).scheme not in ("http", "https"):
        return _refused(request, "L’adresse de retour n’est pas permise.")
    if request.method == "POST":
        return _decided(request, platform, redirect_uri)
    context = {
        "platform": platform,
        "scopes": [(scope, WORDS.get(scope, scope)) for scope in _scopes(request, platform)],
        "pages": [page for page in Page.objects.filter(platform=platform) if not page.extra.get("role_lost")],
        "person": keys.MANAGER_NAME,
    }
    response = render(request, "simulator/dialog.html", context)
    # What the person decides leads back to the app, and a browser asks for leave to go there.
    target = urlsplit(redirect_uri)
    response["Content-Security-Policy"] = f"{POLICY} {target.scheme}://{target.netloc}"
    return response


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "simulator/dialog.html", {"why": why}, status=400)


def _scopes(request: HttpRequest, platform: str) -> list[str]:
    given = [scope.strip() for scope in request.GET.get("scope", "").replace(" ", ",").split(",") if scope.strip()]
    known = scopes.OF_FACEBOOK_LOGIN if platform == "facebook" else scopes.OF_INSTAGRAM_LOGIN
    return given or [*known]


def _decided(request: HttpRequest, platform: str, redirect_uri: str) -> HttpResponseRedirect:
    given, chosen = request.POST, request.POST.getlist("page")
    if given.get("decision") != "agree" or not chosen:
        return _back(request, redirect_uri, _denial(platform), platform)
    granted = [scope for scope in _scopes(request, platform) if scope in given.getlist("scope")]
    code = keys.give_code(platform, redirect_uri=redirect_uri, scopes=granted, pages=chosen)
    return _back(request, redirect_uri, {"code": code.value}, platform)


def _denial(platform: str) -> Json:
    denied = {"error": "access_denied", "error_reason": "user_denied"}
    if platform == "instagram":
        return denied | {"error_description": "The user denied your request."}
    return denied | {"error_code": "200", "error_description": "Permissions error"}


def _back(request: HttpRequest, redirect_uri: str, told: Json, platform: str) -> HttpResponseRedirect:
    if state := request.GET.get("state"):
        told |= {"state": state}
    joint = "&" if urlsplit(redirect_uri).query else "?"
    # Both hang something on the end that is no part of the answer.
    return HttpResponseRedirect(f"{redirect_uri}{joint}{urlencode(told)}{'#_=_' if platform == 'facebook' else '#_'}")
