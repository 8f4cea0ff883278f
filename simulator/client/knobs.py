from typing import Any

from simulator.client.asking import Asking, Json


class Knobs(Asking):
    """What can be turned."""

    def fault(
        self,
        kind: str,
        *,
        page: str | None = None,
        platform: str = "",
        value: str | int = "",
        count: int | None = None,
        chance: float | None = None,
    ) -> list[Json]:
        """Turn a fault on: for a page, a platform or all; `count` times or until cleared; always, or with some chance."""
        given = {"kind": kind, "page": page, "platform": platform, "value": value, "count": count, "chance": chance}
        return self.ask("POST", "faults", given)

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

    # --- customers in numbers

    def load(self, count: int, *, per_second: float = 100, pages: list[str] | None = None, seed: int = 1) -> Json:
        """Have so many things done by customers in the background, on these pages or on all."""
        return self.ask("POST", "load", {"count": count, "per_second": per_second, "pages": pages or [], "seed": seed})

    def script(self, steps: list[Json] | None = None, *, seed: int | None = None, speed: float = 1) -> Json:
        """Have these steps performed, or those that a number makes; see simulator/traffic/script.py."""
        return self.ask("POST", "script", {"steps": steps, "seed": seed, "speed": speed})

    def script_state(self) -> Json:
        """How far it is: running, steps, refused, and the log so far."""
        return self.ask("GET", "script")

    def stop_script(self) -> Json:
        return self.ask("DELETE", "script")

    def load_state(self) -> Json:
        """How far it is: running, made, count, seconds."""
        return self.ask("GET", "load")

    def stop_load(self) -> Json:
        return self.ask("DELETE", "load")
