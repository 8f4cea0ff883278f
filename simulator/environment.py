"""What the process was told by its environment. A platform's file reads its own secrets here."""

import os


def many(*names: str, default: str) -> list[str]:
    """The parts of the first of these variables that is set. The first secret of a list signs; a call may be proved with any."""
    given = next((os.environ[name] for name in names if os.environ.get(name)), default)
    return [part.strip() for part in given.split(",") if part.strip()]


def secrets_of(name: str, *, default: str) -> list[str]:
    """From the variable that the receivers read too, unless the simulator was given one of its own."""
    return many(f"SIMULATOR_{name}", name, default=default)
