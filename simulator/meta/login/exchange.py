"""Facebook Login's exchanges: a code for a token, a short token for a long one; and what a token is worth."""

import base64
from datetime import timedelta

from simulator import signing
from simulator.meta import endpoint, keys
from simulator.meta.graph import scopes
from simulator.meta.graph.call import Call, Routes
from simulator.meta.graph.errors import GraphError
from simulator.models import Token
from simulator.wire import Json, seconds

REDIRECT = "Error validating verification code. Please make sure your redirect_uri is identical."
DATA_ACCESS = timedelta(days=90)


def access_token(call: Call) -> Json:
    _check_client(call)
    match call.params.get("grant_type"):
        case "client_credentials":
            value = f"{endpoint.APP_ID}|{endpoint.APP_SECRETS[0]}"
            return {"access_token": value, "token_type": "bearer"}
        case "fb_exchange_token":
            return _long(call)
        case _:
            return _from_code(call)


def _check_client(call: Call) -> None:
    client, secret = _client(call)
    if client != endpoint.APP_ID:
        raise GraphError(101, message="Error validating application. Cannot get application info due to a system error.")
    if not any(signing.same(secret, known) for known in endpoint.APP_SECRETS):
        raise GraphError(1, message="Error validating client secret.")


def _client(call: Call) -> tuple[str, str]:
    """As parameters, or as OAuth's own libraries send them: a name and a password."""
    scheme, _, given = call.request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic" and "client_secret" not in call.params:
        client, _, secret = base64.b64decode(given).decode().partition(":")
        return client, secret
    return str(call.params.get("client_id", "")), str(call.params.get("client_secret", ""))


def _from_code(call: Call) -> Json:
    value = str(call.params.get("code") or "")
    if not value:
        raise GraphError(100, message="Missing authorization code")
    code = Token.objects.filter(value=value, kind="code", platform="facebook").first()
    if code is None:
        raise GraphError(100, message="Invalid verification code format.")
    if code.dead:
        raise GraphError(100, 36009, message="This authorization code has been used.")
    if code.expires_at and code.expires_at <= call.moment:
        raise GraphError(100, 36007, message="This authorization code has expired.")
    if call.params.get("redirect_uri") != code.extra["redirect_uri"]:
        raise GraphError(100, 36008, message=REDIRECT)
    code.dead = "used"
    code.save(update_fields=["dead"])
    return _given(keys.give_user_token(_scopes(code), code.extra["pages"], lives=keys.SHORT), keys.SHORT)


def _long(call: Call) -> Json:
    short = keys.look(str(call.params.get("fb_exchange_token") or ""))
    if short is None or short.kind != "user":
        raise GraphError.named("190")
    if reason := keys.cause_of_death(short, call.moment):
        raise GraphError.named(f"190/{reason}")
    long = keys.give_user_token(_scopes(short), short.extra.get("pages"), lives=keys.LONG)
    return _given(long, keys.LONG)


def _given(token: Token, lives: timedelta) -> Json:
    return {"access_token": token.value, "token_type": "bearer", "expires_in": int(lives.total_seconds())}


def debug_token(call: Call) -> Json:
    """Asked with the app's own token; a dead one is described too, with what killed it."""
    token = keys.look(str(call.params.get("input_token") or ""))
    if token is None:
        error = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
        return {"data": {"is_valid": False, "scopes": [], "error": error}}
    held = _scopes(token)
    reason = keys.cause_of_death(token, call.moment)
    data: Json = {
        "app_id": endpoint.APP_ID,
        "type": "PAGE" if token.page else "USER",
        "application": "Comptoir",
        "data_access_expires_at": seconds(token.issued_at + DATA_ACCESS),
        "expires_at": seconds(token.expires_at) if token.expires_at else 0,
        "is_valid": not reason,
        "issued_at": seconds(token.issued_at),
        "scopes": held,
        "granular_scopes": [{"scope": scope, "target_ids": _targets(token)} for scope in held],
        "user_id": token.user or keys.MANAGER,
    }
    if token.page:
        data["profile_id"] = token.page.external_id
    if reason:
        death = GraphError.named(f"190/{reason}")
        data["error"] = {"code": 190, "message": death.message, "subcode": death.subcode}
    return {"data": data}


def _scopes(token: Token) -> list[str]:
    if token.scopes is not None:
        return list(token.scopes)
    return [*scopes.OF_PLATFORM.get(token.page.platform if token.page else "", scopes.OF_FACEBOOK_LOGIN)]


def _targets(token: Token) -> list[str]:
    return [token.page.external_id] if token.page else [page.external_id for page in keys.pages_of(token)]


WITHOUT_TOKEN: Routes = {
    ("GET", "", "oauth/access_token"): access_token,
    ("POST", "", "oauth/access_token"): access_token,
}
WITH_TOKEN: Routes = {("GET", "", "debug_token"): debug_token}
