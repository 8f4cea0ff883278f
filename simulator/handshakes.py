"""Asking a receiver to prove itself, as the platforms do before they deliver. The result is kept where people see it.

A real platform stops here when the proof fails; the simulator says so and delivers all the same,
since receivers under work restart a lot.
"""

import secrets
import time
import uuid

import requests
from django.conf import settings

from simulator import options, signing
from simulator.models import Handshake

AGAIN_AFTER = {True: 2 * 3600.0, False: 30.0}  # seconds; LinkedIn asks every two hours
TIMEOUT = 3

_greeted: dict[str, float] = {}  # url → when to ask again


def greet_once(endpoint: str, url: str) -> None:
    if time.monotonic() >= _greeted.get(url, 0):
        passed = greet(endpoint, url)
        _greeted[url] = time.monotonic() + AGAIN_AFTER[passed]


def greet(endpoint: str, url: str) -> bool:
    try:
        problem = _linkedin(url) if endpoint == "linkedin" else _meta(url)
    except requests.RequestException as error:
        problem = f"pas de réponse ({type(error).__name__})"
    Handshake.objects.update_or_create(
        endpoint=endpoint,
        defaults={"at": options.now(), "passed": not problem, "detail": (problem or f"réussie : {url}")[:300]},
    )
    return not problem


def _get(url: str, params: dict[str, str]) -> requests.Response:
    with requests.Session() as http:
        http.trust_env = False
        return http.get(url, params=params, timeout=TIMEOUT, allow_redirects=False)


def _meta(url: str) -> str:
    challenge = str(secrets.randbelow(10**9))
    params = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": settings.META_VERIFY_TOKENS[0]}
    answer = _get(url, params)
    if answer.status_code != 200:
        return f"refusée : HTTP {answer.status_code}"
    return "" if answer.content == challenge.encode() else "refusée : l’écho du défi n’est pas exact"


def _linkedin(url: str) -> str:
    code = str(uuid.uuid4())
    answer = _get(url, {"challengeCode": code})
    if answer.status_code != 200:
        return f"refusée : HTTP {answer.status_code}"
    if not answer.headers.get("Content-Type", "").startswith("application/json"):
        return "refusée : la réponse n’est pas du JSON"
    expected = {"challengeCode": code, "challengeResponse": signing.challenge_response(settings.LINKEDIN_SECRETS[0], code)}
    return "" if answer.json() == expected else "refusée : la preuve n’est pas exacte"
