from datetime import datetime
from typing import Any

from simulator.client.asking import Asking, Json


class Watching(Asking):
    """What is there, and what is on its way."""

    def state(self, page: str | None = None) -> Json:
        return self.ask("GET", "state", {"page": page})

    def replies(self, *, comment: str | None = None, person: str | None = None, page: str | None = None) -> list[Json]:
        """What our app had accepted, oldest first."""
        return self.ask("GET", "replies", {"comment": comment, "person": person, "page": page})

    def deliveries(self, limit: int = 100) -> list[Json]:
        """Newest first."""
        return self.ask("GET", "deliveries", {"limit": limit})

    def wait(self, timeout: float = 10) -> bool:
        """Wait until every webhook on its way has been taken; False when some are still not."""
        return bool(self.ask("POST", "wait", {"timeout": timeout}, patience=timeout)["drained"])

    def flush(self) -> None:
        self.ask("POST", "push/flush")

    def release(self) -> int:
        return int(self.ask("POST", "push/release")["released"])

    def deliver_raw(self, endpoint: str, body: str | Json | list[Any], *, signature: str = "", app: str = "") -> Json:
        return self.ask("POST", "raw", {"endpoint": endpoint, "body": body, "signature": signature, "app": app})

    def handshake(self) -> Json:
        """Challenge every receiver now; what came of it."""
        return self.ask("POST", "handshake")

    def handshakes(self) -> Json:
        """The last challenge of each receiver, and how many in a row it failed."""
        return self.ask("GET", "handshakes")

    def media(self, name: str) -> str:
        """Where a file is: any word with .png, .wav, .pdf or .mp4. Traps: huge, disguised, page, inward, gone, slow."""
        return str(self.ask("GET", "media", {"name": name})["url"])

    def record(self, *, page: str | None = None, since: datetime | None = None) -> Json:
        """Everything the platforms know: `inbound`, `outbound`, what of it was accepted more than once, and `deliveries`."""
        return self.ask("GET", "record", {"page": page, "since": since})
