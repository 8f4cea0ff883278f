"""Asking a receiver to prove itself, as the platforms do before they deliver. The result is kept where people see it."""

from collections.abc import Callable

import requests

from simulator import options, platforms
from simulator.memory import Memory
from simulator.models import Handshake
from simulator.platforms import Endpoint

TIMEOUT = 3

_known: Memory[dict[str, Handshake]] = Memory(lambda: {each.endpoint: each for each in Handshake.objects.all()})
forget = _known.forget


def _last(endpoint: Endpoint) -> Handshake | None:
    return _known.get().get(endpoint.name)


def is_due(endpoint: Endpoint) -> bool:
    """Whether it was never asked, or so long ago that the platform asks again."""
    last = _last(endpoint)
    if endpoint.challenge is None or last is None:
        return endpoint.challenge is not None
    return endpoint.challenge_every is not None and options.now() - last.at >= endpoint.challenge_every


def blocked(endpoint: Endpoint) -> bool:
    """Whether it failed so often in a row that nothing is sent until a person asks anew."""
    if endpoint.blocked_after is None:
        return False
    last = _last(endpoint)
    return last is not None and last.failures >= endpoint.blocked_after


def greet(endpoint: Endpoint, url: str) -> bool:
    problem = problem_with(endpoint, url)
    last = _last(endpoint)
    failures = (last.failures if last else 0) + 1 if problem else 0
    detail = (problem or f"réussie : {url}")[:300]
    Handshake.objects.update_or_create(
        endpoint=endpoint.name,
        defaults={"at": options.now(), "passed": not problem, "failures": failures, "detail": detail},
    )
    forget()
    return not problem


def greet_all() -> None:
    """Ask every receiver now; one that was blocked and can prove itself is open again."""
    base = str(options.get("webhook_base")).rstrip("/")
    for endpoint in platforms.endpoints().values():
        if endpoint.challenge:
            greet(endpoint, base + endpoint.path)


def problem_with(endpoint: Endpoint, url: str) -> str:
    """What is wrong with the receiver's proof, in words; "" when all is well."""
    challenge = endpoint.challenge
    return attempt(lambda: challenge(url)) if challenge else ""


def attempt(challenge: Callable[[], str]) -> str:
    try:
        return challenge()
    except requests.RequestException as error:
        return f"pas de réponse ({type(error).__name__})"


def ask(url: str, params: dict[str, str]) -> requests.Response:
    with requests.Session() as http:
        http.trust_env = False
        return http.get(url, params=params, timeout=TIMEOUT, allow_redirects=False)
