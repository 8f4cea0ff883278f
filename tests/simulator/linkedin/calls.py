"""A reply to a comment, as our own connector would make it."""

from typing import Any

import requests

from simulator.client import Simulator
from tests.simulator.calls import ACTIVITY, LINKEDIN, comments_path, rest

SHARE = "urn:li:share:7400000000000050100"


def urn(comment: str) -> str:
    return f"urn:li:comment:({ACTIVITY},{comment})"


def write(sim: Simulator, parent: str, text: str = "Merci !", **more: Any) -> requests.Response:
    body = {"actor": LINKEDIN, "object": ACTIVITY, "message": {"text": text}, "parentComment": urn(parent)} | more
    return rest(sim, "POST", comments_path(urn(parent)), json=body)
