"""How often a page may be looked at: within its platform's quota, and slower while that fails. Pure."""

from datetime import timedelta

LONGEST = timedelta(hours=6)
# From this percent of the quota on, looks come so many times more rarely: answers to people are to have what is left.
RARER = ((90, 8), (75, 4), (50, 2))


def every(usual: timedelta, quota_used: int | None) -> timedelta:
    return next((usual * times for percent, times in RARER if (quota_used or 0) >= percent), usual)


def after_failure(usual: timedelta, failures: int) -> timedelta:
    """failures: in a row, this one counted."""
    return max(usual, min(usual * 2 ** min(failures, 10), LONGEST))
