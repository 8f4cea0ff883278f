"""Deliveries become conversations. Any event twice, late, or before the one it refers to gives the same inbox."""

from inbox.intake.events import read, record_own
from inbox.intake.queue import MAX_ATTEMPTS, drain

__all__ = ["MAX_ATTEMPTS", "drain", "read", "record_own"]
