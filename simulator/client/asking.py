"""How the simulator is asked: JSON over HTTP, and its own words when it refuses."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import requests

Json = dict[str, Any]


class SimulatorError(Exception):
    """The simulator did not take it; its own words."""


class Asking:
    def __init__(self, url: str, *, timeout: float = 30) -> None:
        self.url = url.rstrip("/")
        self.timeout = timeout
        self.http = requests.Session()
        self.http.trust_env = False

    def ask(self, method: str, path: str, given: Mapping[str, Any] | None = None, *, patience: float = 0) -> Any:
        """Any call of /_sim/; a platform's own ones have no method here."""
        chosen = {name: self._plain(value) for name, value in (given or {}).items() if value is not None}
        parts: Json = {"params": chosen} if method == "GET" else {"json": chosen}
        answer = self.http.request(method, f"{self.url}/_sim/{path}", timeout=self.timeout + patience, **parts)
        if not answer.ok:
            raise SimulatorError(f"{answer.status_code} {answer.text[:300]}")
        return answer.json()

    @staticmethod
    def _plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else value

    def healthy(self) -> bool:
        try:
            return bool(self.ask("GET", "healthz")["ok"])
        except (requests.RequestException, SimulatorError):
            return False

    def _change(self, kind: str, external_id: str, verb: str, given: Json) -> Json:
        return self.ask("POST", f"{kind}/{quote(external_id, safe='')}/{verb}", given)
