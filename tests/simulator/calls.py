"""Calls as our own connectors would make them."""

from typing import Any
from urllib.parse import quote

import requests

from simulator.client import Simulator

FACEBOOK, FACEBOOK_TOKEN = "100200300400501", "dev-token-fb-vieux-quai"
MOULIN, MOULIN_TOKEN = "100200300400502", "dev-token-fb-moulin"
INSTAGRAM, INSTAGRAM_TOKEN = "17841400000000501", "dev-token-ig-vieux-quai"
LINKEDIN, LINKEDIN_TOKEN = "urn:li:organization:9000501", "dev-token-li-quai"
POST = "100200300400501_900101"
MEDIA = "17900000000000501"
ACTIVITY = "urn:li:activity:7400000000000050101"
REST = {"LinkedIn-Version": "202609", "X-Restli-Protocol-Version": "2.0.0"}


def graph(sim: Simulator, method: str, path: str, token: str = FACEBOOK_TOKEN, **options: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with requests.Session() as http:
        http.trust_env = False
        return http.request(method, f"{sim.url}/v26.0/{path}", headers=headers, timeout=10, **options)


def rest(sim: Simulator, method: str, path: str, token: str = LINKEDIN_TOKEN, **options: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"} | options.pop("headers", REST)
    with requests.Session() as http:
        http.trust_env = False
        return http.request(method, f"{sim.url}/rest/{path}", headers=headers, timeout=10, **options)


def comments_path(urn: str) -> str:
    return f"socialActions/{quote(urn, safe='')}/comments"


def error(response: requests.Response) -> tuple[int, int | None]:
    told = response.json()["error"]
    return told["code"], told.get("error_subcode")


def reply(sim: Simulator, comment: str, text: str = "Bonjour, oui.", token: str = FACEBOOK_TOKEN) -> requests.Response:
    return graph(sim, "POST", f"{comment}/comments", token, data={"message": text})


def send(
    sim: Simulator, recipient: dict[str, str], text: str = "Bonjour", token: str = FACEBOOK_TOKEN, **more: Any
) -> requests.Response:
    body = {"recipient": recipient, "messaging_type": "RESPONSE", "message": {"text": text, "metadata": "inbox:msg:8f3a"}} | more
    return graph(sim, "POST", "me/messages", token, json=body)


WHATSAPP, WHATSAPP_TOKEN, WABA = "990011002200501", "dev-token-wa-vieux-quai", "880011002200501"


def whatsapp(sim: Simulator, to: str | None, text: str = "Bonjour", **more: Any) -> requests.Response:
    said = {} if "type" in more else {"type": "text", "text": {"body": text}}
    body = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to} | said | more
    return graph(sim, "POST", f"{WHATSAPP}/messages", WHATSAPP_TOKEN, json={k: v for k, v in body.items() if v is not None})


ACCOUNT, PLACE, OTHER_PLACE = "accounts/900501", "accounts/900501/locations/900511", "accounts/900501/locations/900512"
GOOGLE_TOKEN, GOOGLE_REFRESH = "dev-token-google-quai", "dev-refresh-google-quai"
BLOG, BLOG_USER, ARTICLE = "https://blogue.vieux-quai.example", "comptoir:devwordpressvieuxquai", "900055"
SITE = "https://erables.example"


def http(sim: Simulator, method: str, path: str, **options: Any) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, f"{sim.url}/{path}", timeout=10, allow_redirects=False, **options)


def google(sim: Simulator, method: str, path: str, token: str = GOOGLE_TOKEN, **options: Any) -> requests.Response:
    return http(sim, method, path, headers={"Authorization": f"Bearer {token}"}, **options)


def wp(sim: Simulator, method: str, path: str, user: str = BLOG_USER, **options: Any) -> requests.Response:
    name, _, password = user.partition(":")
    return http(sim, method, f"wp-json/wp/v2/{path}", **({"auth": (name, password)} if user else {}), **options)
