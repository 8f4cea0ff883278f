"""The dialogs in which a person agrees, or refuses: Facebook's with its choice of pages, Instagram's with its one account."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from simulator.meta import endpoint, keys
from simulator.meta.graph import scopes
from simulator.models import Page
from simulator.web import consent
from simulator.wire import Json

APPS = {endpoint.APP_ID: "facebook", endpoint.INSTAGRAM_APP_ID: "instagram"}
LABELS = {"facebook": "Facebook", "instagram": "Instagram"}
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
    redirect_uri = request.GET.get("redirect_uri", "")
    if APPS.get(request.GET.get("client_id", "")) != platform:
        return consent.refuse(request, LABELS[platform], "L’identifiant de l’application n’est pas valide.")
    if urlsplit(redirect_uri).scheme not in ("http", "https"):
        return consent.refuse(request, LABELS[platform], "L’adresse de retour n’est pas permise.")

    def grant(pages: list[Page], granted: list[str]) -> str:
        chosen = [page.external_id for page in pages]
        return keys.give_code(platform, redirect_uri=redirect_uri, scopes=granted, pages=chosen).value

    asked = consent.Consent(
        label=LABELS[platform],
        pages=[page for page in Page.objects.filter(platform=platform) if not page.extra.get("role_lost")],
        scopes=[(scope, WORDS.get(scope, scope)) for scope in _scopes(request, platform)],
        grant=grant,
        refusal=_denial(platform),
        several=platform == "facebook",
        choosable=True,
        person=keys.MANAGER_NAME,
        tail="#_=_" if platform == "facebook" else "#_",  # no part of the answer
    )
    return consent.ask(request, asked)


def _scopes(request: HttpRequest, platform: str) -> list[str]:
    given = [scope.strip() for scope in request.GET.get("scope", "").replace(" ", ",").split(",") if scope.strip()]
    known = scopes.OF_FACEBOOK_LOGIN if platform == "facebook" else scopes.OF_INSTAGRAM_LOGIN
    return given or [*known]


def _denial(platform: str) -> Json:
    denied = {"error": "access_denied", "error_reason": "user_denied"}
    if platform == "instagram":
        return denied | {"error_description": "The user denied your request."}
    return denied | {"error_code": "200", "error_description": "Permissions error"}
