"""Facebook Login: the pages that a person manages, and the Instagram accounts that hang on them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from inbox.platforms import http, wire
from inbox.platforms.base import Connection, Variable
from inbox.platforms.consent.base import Candidate, Consent, address, first
from inbox.platforms.meta import graph

PAGE = (
    "pages_show_list",
    "pages_manage_metadata",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_engagement",
    "pages_messaging",
)
INSTAGRAM = ("instagram_basic", "instagram_manage_comments", "instagram_manage_messages")


class FacebookLogin(Consent):
    slug = "facebook"
    label = "Facebook"
    gives = _("Facebook pages, and the Instagram accounts that hang on them")
    variables = (*graph.VARIABLES, Variable("META_LOGIN_URL", "url", default="https://www.facebook.com"))
    scopes = PAGE + INSTAGRAM

    def offered(self, variables: Mapping[str, Any]) -> bool:
        return bool(variables["META_APP_ID"] and first(variables, "META_APP_SECRET"))

    def dialog(self, variables: Mapping[str, Any], *, redirect_uri: str, state: str) -> str:
        return address(
            f"{variables['META_LOGIN_URL']}/{variables['GRAPH_API_VERSION']}/dialog/oauth",
            client_id=variables["META_APP_ID"],
            redirect_uri=redirect_uri,
            state=state,
            scope=",".join(self.scopes),
            response_type="code",
            auth_type="rerequest",  # what was declined before is asked for again
        )

    def candidates(self, variables: Mapping[str, Any], code: str, *, redirect_uri: str) -> Sequence[Candidate]:
        app = {"client_id": variables["META_APP_ID"], "client_secret": first(variables, "META_APP_SECRET")}
        short = _exchange(variables, **app, code=code, redirect_uri=redirect_uri)
        # Pages get tokens that do not end from a person's long one only.
        long = _exchange(variables, **app, grant_type="fb_exchange_token", fb_exchange_token=short)
        person = _connection(variables, long)
        grantor = wire.identifier(graph.read(person, "me", fields="id").get("id"))
        missing = _missing(person)
        fields = "id,name,access_token,tasks,instagram_business_account{id,username}"
        found: list[Candidate] = []
        for page in graph.pages(person, "me", "accounts", limit="100", fields=fields):
            found += _of_page(page, grantor, missing)
        return found


def _exchange(variables: Mapping[str, Any], **given: str) -> str:
    url = f"{variables['META_GRAPH_URL']}/{variables['GRAPH_API_VERSION']}/oauth/access_token"
    answer = http.get(url, token=http.NOBODY, params=given)
    if not answer.ok or "error" in answer.data:
        raise graph.refusal(answer, _connection(variables, ""), writing=False)
    return wire.required(answer.data.get("access_token"), "token", 2000)


def _connection(variables: Mapping[str, Any], token: str) -> Connection:
    there = graph.address(variables)
    return Connection("me", token, there.base_url, there.version, there.app_secret)


def _missing(person: Connection) -> tuple[str, ...]:
    """What the person withheld in the dialog."""
    told = wire.sequence(graph.read(person, "me", "permissions").get("data"))
    granted = {each.get("permission") for each in map(wire.mapping, told) if each.get("status") == "granted"}
    return tuple(scope for scope in FacebookLogin.scopes if scope not in granted)


def _of_page(page: dict[str, Any], grantor: str, missing: tuple[str, ...]) -> Iterator[Candidate]:
    token, name = wire.text(page.get("access_token")), wire.text(page.get("name"))
    if not token or not wire.identifier(page.get("id")):
        return
    lacks = tuple(scope for scope in missing if scope in PAGE)
    yield Candidate("facebook", wire.identifier(page["id"]), name, token, grantor_id=grantor, missing=lacks)
    account = wire.mapping(page.get("instagram_business_account"))
    if account.get("id"):
        lacks = tuple(scope for scope in missing if scope in INSTAGRAM)
        username = wire.text(account.get("username")) or name
        settings = {"login": "facebook"}
        yield Candidate("instagram", wire.identifier(account["id"]), username, token, None, grantor, settings, lacks)
