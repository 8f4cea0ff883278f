"""Instagram Login: one professional account, without any Facebook page."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from inbox.platforms import http, wire
from inbox.platforms.base import Connection, Reason, SendRefused, Variable
from inbox.platforms.consent.base import Candidate, Consent, address, first
from inbox.platforms.meta import graph


class InstagramLogin(Consent):
    slug = "instagram"
    label = "Instagram"
    gives = _("one professional Instagram account, without a Facebook page")
    variables = (
        Variable("INSTAGRAM_LOGIN_URL", "url", default="https://www.instagram.com"),
        Variable("INSTAGRAM_API_URL", "url", default="https://api.instagram.com"),
        Variable("INSTAGRAM_GRAPH_URL", "url", default="https://graph.instagram.com"),
        Variable("INSTAGRAM_APP_ID", "text", default=""),
    )
    scopes = ("instagram_business_basic", "instagram_business_manage_comments", "instagram_business_manage_messages")

    def offered(self, variables: Mapping[str, Any]) -> bool:
        return bool(variables["INSTAGRAM_APP_ID"] and first(variables, "INSTAGRAM_APP_SECRET"))

    def dialog(self, variables: Mapping[str, Any], *, redirect_uri: str, state: str) -> str:
        return address(
            f"{variables['INSTAGRAM_LOGIN_URL']}/oauth/authorize",
            client_id=variables["INSTAGRAM_APP_ID"],
            redirect_uri=redirect_uri,
            state=state,
            scope=",".join(self.scopes),
            response_type="code",
        )

    def candidates(self, variables: Mapping[str, Any], code: str, *, redirect_uri: str) -> Sequence[Candidate]:
        short, granted = _short(variables, code, redirect_uri)
        secret = first(variables, "INSTAGRAM_APP_SECRET")
        asked = {"grant_type": "ig_exchange_token", "client_secret": secret, "access_token": short}
        long = http.get(f"{variables['INSTAGRAM_GRAPH_URL']}/access_token", token=short, params=asked)
        if not long.ok or "error" in long.data:
            raise graph.refusal(long, Connection("me", short), writing=False)
        token = wire.required(long.data.get("access_token"), "token", 2000)
        seconds = wire.number(long.data.get("expires_in"))
        base, version = variables["INSTAGRAM_GRAPH_URL"], variables["GRAPH_API_VERSION"]
        account = graph.read(Connection("me", token, base, version, secret), "me", fields="user_id,username")
        missing = tuple(scope for scope in self.scopes if granted and scope not in granted)
        return [
            Candidate(
                "instagram",
                wire.required(account.get("user_id"), "account"),  # and not `id`: this is what webhooks name
                wire.text(account.get("username")),
                token,
                long.at + timedelta(seconds=seconds) if seconds else None,
                grantor_id=wire.required(account.get("user_id"), "account"),  # whom Meta names when consent is taken back
                settings={"login": "instagram"},
                missing=missing,
            )
        ]


def _short(variables: Mapping[str, Any], code: str, redirect_uri: str) -> tuple[str, set[str]]:
    """An hour's token, and what was granted with it. Its refusals have a shape of their own, its answers two."""
    form = {
        "client_id": variables["INSTAGRAM_APP_ID"],
        "client_secret": first(variables, "INSTAGRAM_APP_SECRET"),
        "grant_type": "authorization_code",
        "redirect_uri": redirect_uri,
        "code": code,
    }
    answer = http.post(f"{variables['INSTAGRAM_API_URL']}/oauth/access_token", token=http.NOBODY, form=form)
    if not answer.ok or "error_type" in answer.data:
        raise SendRefused(Reason.TOKEN_DEAD, wire.text(answer.data.get("error_message"))[:300] or f"HTTP {answer.status}")
    listed = wire.sequence(answer.data.get("data"))
    told = wire.mapping(listed[0]) if listed else answer.data
    granted = told.get("permissions")
    names = granted.split(",") if isinstance(granted, str) else wire.sequence(granted)
    return wire.required(told.get("access_token"), "token", 2000), {wire.text(name) for name in names}
