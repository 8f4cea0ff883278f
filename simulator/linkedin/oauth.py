"""LinkedIn's consent and its tokens: sixty days to call with, and for approved partners a year to ask for more, counted once."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from simulator import environment, options, tokens
from simulator.linkedin.events import first_admin
from simulator.linkedin.subscriptions import SECRETS
from simulator.models import Page, Token
from simulator.web import consent
from simulator.wire import Json, seconds

CLIENT_IDS = environment.secrets_of("LINKEDIN_CLIENT_ID", default="dev-linkedin-client")
ACCESS_LASTS, REFRESH_LASTS, CODE_LASTS = timedelta(days=60), timedelta(days=365), timedelta(minutes=30)


@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """https://www.linkedin.com/oauth/v2/authorization"""
    asked = request.GET
    if asked.get("client_id") not in CLIENT_IDS or asked.get("response_type") != "code" or not asked.get("redirect_uri"):
        return HttpResponse("Bummer, something went wrong.", status=400, content_type="text/plain")
    scopes = asked.get("scope", "").replace(",", " ").split()
    return consent.ask(
        request,
        consent.Consent(
            label="LinkedIn",
            pages=list(Page.objects.filter(platform="linkedin")),
            scopes=[(scope, scope) for scope in scopes],
            grant=lambda pages, granted: _code(pages[0], granted, asked),
            refusal={"error": "user_cancelled_authorize"},
        ),
    )


def _code(page: Page, scopes: list[str], asked: Any) -> str:
    return _issue(page, "code", first_admin(page), scopes, options.now() + CODE_LASTS, redirect_uri=asked["redirect_uri"]).value


def _issue(page: Page, kind: str, member: str, scopes: list[str] | None, until: datetime, **extra: Any) -> Token:
    return Token.objects.create(
        value="AQ" + secrets.token_urlsafe(75 if kind == "code" else 375),
        platform="linkedin",
        kind=kind,
        page=page,
        user=member,
        scopes=scopes,
        issued_at=options.now(),
        expires_at=until,
        extra=extra,
    )


# --- tokens --------------------------------------------------------------------------------------


def _is_ours(request: HttpRequest) -> bool:
    return request.POST.get("client_id") in CLIENT_IDS and request.POST.get("client_secret") in SECRETS


@csrf_exempt
@require_POST
def access_token(request: HttpRequest) -> HttpResponse:
    """https://www.linkedin.com/oauth/v2/accessToken"""
    if not _is_ours(request):
        return _refuse("invalid_client", "Client authentication failed", 401)
    match request.POST.get("grant_type"):
        case "authorization_code":
            return _exchanged(request.POST.get("code", ""), request.POST.get("redirect_uri", ""))
        case "refresh_token":
            return _refreshed(request.POST.get("refresh_token", ""))
        case _:
            return _refuse("invalid_request", 'A required parameter "grant_type" is missing or not known')


def _exchanged(value: str, redirect_uri: str) -> HttpResponse:
    code = tokens.find(value, "linkedin")
    if code is None or code.kind != "code" or code.page is None or code.extra["redirect_uri"] != redirect_uri:
        return _refuse("invalid_request", "Unable to retrieve access token: authorization code not found")
    Token.objects.filter(pk=code.pk).update(dead="used")
    _supersede(code)
    until = options.now() + REFRESH_LASTS
    refresh = _issue(code.page, "refresh", code.user, code.scopes, until) if options.get("linkedin_refresh") else None
    return JsonResponse(_granted(code.page, code, refresh))


def _supersede(code: Token) -> None:
    """Another set of scopes ends every token that this member gave the app before."""
    earlier = Token.objects.filter(platform="linkedin", user=code.user, kind__in=("access", "refresh"), dead="")
    for token in earlier:
        if set(token.scopes or []) != set(code.scopes or []):
            Token.objects.filter(pk=token.pk).update(dead="superseded")


def _refreshed(value: str) -> HttpResponse:
    refresh = tokens.find(value, "linkedin")
    if refresh is None or refresh.kind != "refresh" or refresh.page is None:
        return _refuse("invalid_request", "The provided authorization grant or refresh token is invalid, expired or revoked")
    return JsonResponse(_granted(refresh.page, refresh, refresh))


def _granted(page: Page, grant: Token, refresh: Token | None) -> Json:
    access = _issue(page, "access", grant.user, grant.scopes, options.now() + ACCESS_LASTS)
    told: Json = {
        "access_token": access.value,
        "expires_in": int(ACCESS_LASTS.total_seconds()),
        "scope": ",".join(grant.scopes or []),
        "token_type": "Bearer",
    }
    if refresh and refresh.expires_at:
        left = round((refresh.expires_at - options.now()).total_seconds())
        told |= {"refresh_token": refresh.value, "refresh_token_expires_in": left}
    return told


@csrf_exempt
@require_POST
def introspect(request: HttpRequest) -> HttpResponse:
    """https://www.linkedin.com/oauth/v2/introspectToken"""
    if not _is_ours(request):
        return _refuse("invalid_client", "Client authentication failed", 401)
    kept = Token.objects.filter(platform="linkedin", value=request.POST.get("token", "")).exclude(kind="code").first()
    if kept is None:
        return JsonResponse({"active": False})
    alive = tokens.find(kept.value, "linkedin") is not None
    until = kept.expires_at or options.now() + ACCESS_LASTS
    return JsonResponse(
        {
            "active": alive,
            "client_id": request.POST["client_id"],
            "authorized_at": seconds(kept.issued_at),
            "created_at": seconds(kept.issued_at),
            "status": "active" if alive else "revoked" if kept.dead else "expired",
            "expires_at": seconds(until),
            "scope": ",".join(kept.scopes or []),
            "auth_type": "3L",
        }
    )


def _refuse(error: str, description: str, status: int = 400) -> HttpResponse:
    return JsonResponse({"error": error, "error_description": description}, status=status)
