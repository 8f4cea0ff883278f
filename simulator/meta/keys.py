"""Meta's tokens: of the app, of a person, of a page; how they are made, found, refused and proved."""

import secrets
from datetime import datetime, timedelta

from simulator import options, signing, tokens
from simulator.meta import endpoint
from simulator.meta.graph import scopes as known
from simulator.meta.graph.call import Call
from simulator.meta.graph.errors import GraphError
from simulator.models import Page, Token

PLATFORMS = ("facebook", "instagram", "whatsapp")
MANAGER, MANAGER_NAME = "10001", "Alex Gestion"  # the person who runs the pages; the id is the app's own for them
SHORT, LONG = timedelta(hours=1, minutes=30), timedelta(days=60)
INSTAGRAM_SHORT = timedelta(hours=1)
SECRETS = {endpoint.APP_ID: endpoint.APP_SECRETS, endpoint.INSTAGRAM_APP_ID: endpoint.INSTAGRAM_SECRETS}


def bearer(call: Call) -> Token:
    """The living token that came with a call, or the refusal that fits its death."""
    value = str(call.params.get("access_token") or "")
    if not value:
        raise GraphError(104, message="An access token is required to request this resource.")
    token = of_app(value) or look(value)
    if token is None:
        raise GraphError.named("190")
    if reason := cause_of_death(token, call.moment):
        raise GraphError.named(f"190/{reason}")
    _check_proof(call, value)
    return token


def look(value: str) -> Token | None:
    return Token.objects.filter(value=value, platform__in=PLATFORMS).exclude(kind="code").select_related("page").first()


def of_app(value: str) -> Token | None:
    """APP_ID|SECRET."""
    app, bar, secret = value.partition("|")
    if not bar or app not in SECRETS:
        return None
    if not any(signing.same(secret, known) for known in SECRETS[app]):
        raise GraphError(190, message="Invalid OAuth access token signature.", status=401)
    return Token(value=value, kind="app", platform="facebook", issued_at=options.now())


def cause_of_death(token: Token, now: datetime) -> str:
    if token.dead:
        return token.dead
    return "463" if token.expires_at and token.expires_at <= now else ""


def _check_proof(call: Call, value: str) -> None:
    given = call.params.get("appsecret_proof")
    if given is None:
        if options.get("require_proof"):
            raise GraphError(100, message="API calls from the server require an appsecret_proof argument")
        return
    known = endpoint.APP_SECRETS + endpoint.INSTAGRAM_SECRETS
    if not any(signing.same(signing.appsecret_proof(secret, value), str(given)) for secret in known):
        raise GraphError(100, message="Invalid appsecret_proof provided in the API argument")


# --- giving them out -----------------------------------------------------------------------------


def _value(start: str) -> str:
    return start + secrets.token_urlsafe(120).replace("-", "Z").replace("_", "Z")


def give_code(platform: str, *, redirect_uri: str, scopes: list[str], pages: list[str]) -> Token:
    now = options.now()
    return Token.objects.create(
        value=secrets.token_urlsafe(90),
        platform=platform,
        kind="code",
        user=MANAGER,
        scopes=scopes,
        issued_at=now,
        expires_at=now + timedelta(minutes=10),
        extra={"redirect_uri": redirect_uri, "pages": pages},
    )


def give_user_token(scopes: list[str], pages: list[str] | None, *, lives: timedelta) -> Token:
    now = options.now()
    return Token.objects.create(
        value=_value("EAAG"),
        platform="facebook",
        kind="user",
        user=MANAGER,
        scopes=scopes,
        issued_at=now,
        expires_at=now + lives,
        extra={"pages": pages, "long": lives >= LONG},
    )


def give_instagram_token(page: Page, scopes: list[str], *, lives: timedelta) -> Token:
    now = options.now()
    return Token.objects.create(
        value=_value("IGAA"),
        platform="instagram",
        kind="page",
        page=page,
        user=MANAGER,
        scopes=scopes,
        issued_at=now,
        expires_at=now + lives,
        extra={"long": lives >= LONG},
    )


def page_token(person: Token, page: Page) -> Token:
    """The page's own key, by the rights of a person's: without an end where that one lives long."""
    known = Token.objects.filter(page=page, kind="page", extra__parent=person.pk, dead="").first()
    return known or Token.objects.create(
        value=_value("EAAG"),
        platform="facebook",
        kind="page",
        page=page,
        user=person.user,
        scopes=person.scopes,
        issued_at=options.now(),
        expires_at=None if person.extra.get("long") else person.expires_at,
        extra={"parent": person.pk},
    )


def pages_of(person: Token) -> list[Page]:
    """Those that were chosen at the login and that the person still has a role on."""
    chosen = person.extra.get("pages")
    pages = Page.objects.filter(platform="facebook")
    return [page for page in pages if (chosen is None or page.external_id in chosen) and not page.extra.get("role_lost")]


# --- their end -----------------------------------------------------------------------------------


def kill(reason: str, *, page: Page | None = None) -> int:
    """All tokens of a page, or all that the manager ever granted. reason: a subcode of 190; "" brings them back."""
    granted = Token.objects.filter(platform__in=PLATFORMS).exclude(kind="code")
    if page is not None:
        granted = granted.filter(page=page)
    return granted.update(dead=reason)


def withdraw(scope: str, *, page: Page | None = None) -> list[Page]:
    """Take a permission from all tokens, or from those of a page; the pages that it was taken from."""
    touched = []
    for token in Token.objects.filter(platform__in=PLATFORMS, kind__in=("page", "user")).select_related("page"):
        if page is not None and token.page != page:
            continue
        held = token.scopes if token.scopes is not None else [*known.OF_FACEBOOK_LOGIN, *known.OF_INSTAGRAM_LOGIN]
        if scope in held:
            token.scopes = [each for each in held if each != scope]
            token.save(update_fields=["scopes"])
            touched += [token.page] if token.page else []
    return list(dict.fromkeys(touched))


def seed() -> None:
    """A person's own token, as it is found where a page's was meant."""
    tokens_of_people = {"value": "dev-user-token-1", "platform": "facebook", "kind": "user", "user": MANAGER}
    if tokens.find(tokens_of_people["value"], "facebook") is None:
        Token.objects.create(**tokens_of_people, issued_at=options.now())
