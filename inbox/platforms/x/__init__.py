"""X, once Twitter: what mentions, answers or quotes an account, and our answers; and what is written to it in private."""

from inbox.platforms.x.connector import X
from inbox.platforms.x.hooks import XHooks

__all__ = ["X", "XHooks"]
