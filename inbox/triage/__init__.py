"""What a message says about safety and privacy, in the words of the message: docs/triage.md."""

from inbox.triage.reading import read, version

__all__ = ["read", "version"]
