"""What went wrong, for a log or a row, without what people wrote: PostgreSQL repeats whole rows, Python a value."""

import traceback

from django.db import DatabaseError


def told(problem: BaseException) -> str:
    name = type(problem).__name__
    if isinstance(problem, DatabaseError):
        said = getattr(getattr(problem.__cause__, "diag", None), "message_primary", None)
        return f"{name}: {said}"[:500] if said else name
    at = traceback.extract_tb(problem.__traceback__)[-1:]
    return f"{name}, {at[0].name}" if at else name


def whole(problem: BaseException) -> str:
    """The same, and the way there: frames without their values."""
    return f"{told(problem)}\n{''.join(traceback.format_tb(problem.__traceback__))}"
