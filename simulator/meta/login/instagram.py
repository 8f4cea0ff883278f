"""Instagram Login: its own exchanges on hosts of its own, with errors of another shape where the code is exchanged."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from simulator import options, signing, wire
from simulator.meta import endpoint, keys
from simulator.meta.graph import scopes
from simulator.meta.graph.call import Call, Routes
from simulator.meta.graph.errors import GraphError
from simulator.meta.graph.view import graph
from simulator.models import Page, Token
from simulator.wire import Json

OLD_ENOUGH = timedelta(hours=24)


@csrf_exempt
def access_token(request: HttpRequest) -> HttpResponse:
    """POST api.instagram.com/oauth/access_token; Facebook's address of the same name is another host's."""
    given = request.POST
    if request.method != "POST" or given.get("client_id") != endpoint.INSTAGRAM_APP_ID:
        return graph(request, "oauth/access_token")
    if not any(signing.same(given.get("client_secret", ""), secret) for secret in endpoint.INSTAGRAM_SECRETS):
        return _refuse("Invalid platform app")
    # A browser brings the code back with "#_" behind it, which is not a part of it.
    code = Token.objects.filter(value=given.get("code", ""), kind="code", platform="instagram").first()
    if code is None or (code.expires_at and code.expires_at <= options.now()):
        return _refuse("Matching code was not found or was already used")
    if code.dead:
        return _refuse("This authorization code has been used")
    if given.get("redirect_uri") != code.extra["redirect_uri"]:
        return _refuse("Error validating verification code. Please make sure your redirect_uri is identical")
    Token.objects.filter(pk=code.pk).update(dead="used")
    page = Page.objects.get(platform="instagram", external_id=code.extra["pages"][0])
    token = keys.give_instagram_token(page, _scopes(code), lives=keys.INSTAGRAM_SHORT)
    return wire.answer(_told(token, page))


def _told(token: Token, page: Page) -> Json:
    """Documents wrap it in a list; what is seen is flat."""
    told: Json = {"access_token": token.value, "user_id": int(page.external_id), "permissions": _scopes(token)}
    if options.get("instagram_code_answer") == "documented":
        return {"data": [told | {"user_id": page.external_id, "permissions": ",".join(_scopes(token))}]}
    return told


def _refuse(words: str) -> HttpResponse:
    return wire.answer({"error_type": "OAuthException", "code": 400, "error_message": words}, 400)


def exchange(call: Call) -> Json:
    """An hour's token for one of sixty days."""
    if call.params.get("grant_type") != "ig_exchange_token":
        raise GraphError(100, message="Unsupported grant type")
    given = str(call.params.get("client_secret", ""))
    if not any(signing.same(given, secret) for secret in endpoint.INSTAGRAM_SECRETS):
        raise GraphError(100, message="Error validating client secret.")
    token = _own(call)
    if token.extra.get("long"):
        raise GraphError(100, message="Unsupported request - method type: get")
    return _given(call, keys.give_instagram_token(call.page, _scopes(token), lives=keys.LONG))


def refresh(call: Call) -> Json:
    """The same for sixty days more; not in its first day, and never again once it has expired."""
    if call.params.get("grant_type") != "ig_refresh_token":
        raise GraphError(100, message="Unsupported grant type")
    token = _own(call)
    if call.moment - token.issued_at < OLD_ENOUGH:
        raise GraphError(100, message="The access token is less than 24 hours old")
    Token.objects.filter(pk=token.pk).update(issued_at=call.moment, expires_at=call.moment + keys.LONG)
    token.refresh_from_db()
    return _given(call, token)


def _own(call: Call) -> Token:
    token = keys.bearer(call)
    if token.page is None or token.page.platform != "instagram":
        raise GraphError(100, message="Invalid access token for Instagram")
    call.page, call.token = token.page, token
    return token


def _scopes(token: Token) -> list[str]:
    return [*scopes.OF_INSTAGRAM_LOGIN] if token.scopes is None else list(token.scopes)


def _given(call: Call, token: Token) -> Json:
    return {
        "access_token": token.value,
        "token_type": "bearer",
        "expires_in": int(keys.LONG.total_seconds()),
        "permissions": ",".join(_scopes(token)),
    }


WITHOUT_TOKEN: Routes = {
    ("GET", "", "access_token"): exchange,
    ("GET", "", "refresh_access_token"): refresh,
}
