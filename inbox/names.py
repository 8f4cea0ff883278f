"""Asking the platforms how the people are called whose names their webhooks leave out."""

import logging
from datetime import datetime, timedelta

from inbox import live, platforms
from inbox.channels import connection_of
from inbox.models import Contact
from inbox.models.channels import TokenUnreadable
from inbox.platforms.base import SendNotReached, SendRefused, SendUncertain

log = logging.getLogger(__name__)

AGAIN = timedelta(minutes=10)


def learn(*, now: datetime, limit: int = 50) -> int:
    """Ask for the names that are due; return how many were learnt. No lock is held while the platform thinks."""
    due = Contact.objects.filter(ask_name_at__lte=now, channel__disconnected_at=None).order_by("ask_name_at")
    return sum(_ask(contact, now) for contact in due.select_related("channel")[:limit])


def _ask(contact: Contact, now: datetime) -> bool:
    claimed = Contact.objects.filter(pk=contact.pk, ask_name_at=contact.ask_name_at).update(ask_name_at=now + AGAIN)
    if not claimed:
        return False  # another clock has it
    try:
        name = platforms.get(contact.channel.platform).name_of(contact.external_id, connection_of(contact.channel))
    except (SendNotReached, SendUncertain):
        return False  # asked again later
    except (SendRefused, TokenUnreadable) as refusal:
        log.info("names: contact %s: %s", contact.pk, type(refusal).__name__)
        name = ""
    Contact.objects.filter(pk=contact.pk).update(name=name[:200], ask_name_at=None)
    if name:
        live.nudge(contact.channel.organization_id)
    return bool(name)
