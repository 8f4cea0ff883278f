"""Google's consent and its tokens: one to call with for an hour, and another to ask for the next hour."""

import secrets
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from simulator import environment, options, tokens
from simulator.google.rest import SCOPE
from simulator.models import Page, Token
from simulator.web import consent
from simulator.wire import Json

CLIENT_IDS = environment.secrets_of("GOOGLE_CLIENT_ID", default="dev-google-client")
SECRETS = environment.secrets_of("GOOGLE_CLIENT_SECRET", default="dev-google-client-secret")
PREFIXES = {"access": "ya29.a0", "refresh": "1//0", "code": "4/0"}
LASTS = {"access": timedelta(seconds=3599), "refresh": None, "code": timedelta(minutes=10)}


def _issue(page: Page, kind: str, scopes: list[str] | None = None, **extra: Any) -> Token:
    now, lasts = options.now(), LASTS[kind]
    return Token.objects.create(
        value=PREFIXES[kind] + secrets.token_urlsafe(100),
        platform="google",
        kind=kind,
        page=page,
        scopes=scopes,
        issued_at=now,
        expires_at=now + lasts if lasts else None,
        extra=extra,
    )


@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """https://accounts.google.com/o/oauth2/v2/auth"""
    asked = request.GET
    if asked.get("client_id") not in CLIENT_IDS or asked.get("response_type") != "code" or not asked.get("redirect_uri"):
        return HttpResponse("Error 400: invalid_request", status=400, content_type="text/plain")
    return consent.ask(
        request,
        consent.Consent(
            label="Google",
            pages=list(Page.objects.filter(platform="google")),
            scopes=[(scope, scope) for scope in asked.get("scope", "").split()],
            grant=lambda pages, granted: _code(pages[0], granted, asked),
            refusal={"error": "access_denied"},
        ),
    )


def _code(page: Page, scopes: list[str], asked: Any) -> str:
    offline = asked.get("access_type") == "offline"
    return _issue(page, "code", scopes, redirect_uri=asked["redirect_uri"], offline=offline).value


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """https://oauth2.googleapis.com/token"""
    given = request.POST
    if given.get("client_id") not in CLIENT_IDS or given.get("client_secret") not in SECRETS:
        return _refuse("invalid_client", "The OAuth client was not found.", 401)
    match given.get("grant_type"):
        case "refresh_token":
            return _refreshed(given.get("refresh_token", ""))
        case "authorization_code":
            return _exchanged(given.get("code", ""), given.get("redirect_uri", ""))
        case _:
            return _refuse("unsupported_grant_type", "Invalid grant_type")


def _find(value: str, kind: str) -> tuple[Token, Page] | None:
    kept = tokens.find(value, "google")
    return (kept, kept.page) if kept and kept.page and kept.kind == kind else None


def _refreshed(value: str) -> HttpResponse:
    found = _find(value, "refresh")
    if found is None:
        return _refuse("invalid_grant", "Token has been expired or revoked.")
    kept, page = found
    return JsonResponse(_told(_issue(page, "access", kept.scopes)))


def _exchanged(value: str, redirect_uri: str) -> HttpResponse:
    found = _find(value, "code")
    if found is None or found[0].extra["redirect_uri"] != redirect_uri:
        return _refuse("invalid_grant", "Malformed auth code.")
    code, page = found
    code.delete()
    told = _told(_issue(page, "access", code.scopes))
    return JsonResponse(told | ({"refresh_token": _issue(page, "refresh", code.scopes).value} if code.extra["offline"] else {}))


def _told(access: Token) -> Json:
    scope = " ".join(access.scopes) if access.scopes else SCOPE
    return {"access_token": access.value, "expires_in": 3599, "scope": scope, "token_type": "Bearer"}


def _refuse(error: str, description: str, status: int = 400) -> HttpResponse:
    return JsonResponse({"error": error, "error_description": description}, status=status)


@csrf_exempt
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """https://oauth2.googleapis.com/revoke"""
    gone = Token.objects.filter(platform="google", value=request.POST.get("token", ""), dead="").update(dead="revoked")
    return JsonResponse({}) if gone else _refuse("invalid_token", "Token expired or revoked")
