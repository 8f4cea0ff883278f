from typing import Any

from simulator.client.asking import Asking, Json


class Knobs(Asking):
    """What can be turned."""

    def fault(
        self, kind: str, *, page: str | None = None, platform: str = "", value: str | int = "", count: int | None = None
    ) -> list[Json]:
        """Turn a fault on: for a page, a platform or all; `count` times, or until cleared."""
        return self.ask("POST", "faults", {"kind": kind, "page": page, "platform": platform, "value": value, "count": count})

    def faults(self) -> list[Json]:
        """Those that are on, and how often they will still happen."""
        return self.ask("GET", "faults")

    def clear_faults(self) -> None:
        self.ask("DELETE", "faults")

    def configure(self, **options: Any) -> Json:
        """Change some options and tell them all; their names and meanings are in simulator/options.py."""
        return self.ask("POST", "options", options)

    def trickle_now(self) -> str:
        return str(self.ask("POST", "trickle")["happened"])

    def reset(self, *, pages: bool = True) -> None:
        self.ask("POST", "reset", {"pages": pages})
