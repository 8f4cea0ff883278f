"""WhatsApp numbers, on Meta's Cloud API: messages both ways. Its webhooks are signed and greeted as Meta's are."""

from inbox.platforms.whatsapp.reading import read_change
from inbox.platforms.whatsapp.writing import WhatsApp

__all__ = ["WhatsApp", "read_change"]
