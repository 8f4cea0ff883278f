"""A person at the login dialog, as a browser without scripts would go through it."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import requests

from simulator.client import Simulator

APP, SECRET = "112233445566778", "dev-meta-app-secret"
INSTAGRAM_APP, INSTAGRAM_SECRET = "998877665544332", "dev-instagram-app-secret"
APP_TOKEN = f"{APP}|{SECRET}"
BACK = "https://app.example/connect/back"


@dataclass
class Dialog:
    """What the person saw, and what they sent."""

    html: str
    csp: str
    went_to: str = ""

    @property
    def told(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.went_to).query).items()}


def dialog(
    sim: Simulator,
    *,
    app: str = APP,
    path: str = "v26.0/dialog/oauth",
    scope: str = "",
    pages: list[str] | None = None,
    decline: str = "",
    agree: bool = True,
) -> Dialog:
    query = {"client_id": app, "redirect_uri": BACK, "state": "s-1", "scope": scope, "response_type": "code"}
    with requests.Session() as http:
        http.trust_env = False
        shown = http.get(f"{sim.url}/{path}", params=query, timeout=10)
        offered = re.findall(r'name="page" value="([^"]+)"', shown.text)
        scopes = re.findall(r'name="scope" value="([^"]+)"', shown.text)
        form = {
            "decision": "agree" if agree else "refuse",
            "page": offered if pages is None else pages,
            "scope": [each for each in scopes if each != decline],
        }
        answer = http.post(shown.url, data=form, timeout=10, allow_redirects=False)
    return Dialog(shown.text, shown.headers["Content-Security-Policy"], answer.headers.get("Location", ""))


def call(sim: Simulator, method: str, path: str, **given: str) -> requests.Response:
    with requests.Session() as http:
        http.trust_env = False
        part = "params" if method in ("GET", "DELETE") else "data"
        return http.request(method, f"{sim.url}/{path}", timeout=10, **{part: given})


def user_token(sim: Simulator, *, scope: str = "", pages: list[str] | None = None, decline: str = "") -> str:
    """A short one, as it is given for a code."""
    code = dialog(sim, scope=scope, pages=pages, decline=decline).told["code"]
    given = {"client_id": APP, "client_secret": SECRET, "redirect_uri": BACK, "code": code}
    return str(call(sim, "GET", "v26.0/oauth/access_token", **given).json()["access_token"])


def long_token(sim: Simulator, short: str) -> str:
    given = {"grant_type": "fb_exchange_token", "client_id": APP, "client_secret": SECRET, "fb_exchange_token": short}
    return str(call(sim, "GET", "v26.0/oauth/access_token", **given).json()["access_token"])


def accounts(sim: Simulator, token: str, fields: str = "id,name,access_token,tasks,instagram_business_account") -> list[dict]:
    return call(sim, "GET", "v26.0/me/accounts", access_token=token, fields=fields).json()["data"]
