"""Asking the platforms how the people are called whose names their webhooks leave out."""

import logging
from datetime import datetime, timedelta

from django.db.models import QuerySet

from inbox import live, platforms
from inbox.channels import calling
from inbox.channels.spacing import page_by_page
from inbox.models import Contact
from inbox.models.channels import TokenUnreadable, may_be_called
from inbox.platforms.base import SendNotReached, SendRefused, SendUncertain

log = logging.getLogger(__name__)

AGAIN = timedelta(minutes=10)
OF_A_PAGE = 20  # at once: some platforms tell two a second, and those of other pages wait meanwhile


def learn(*, now: datetime, platform: str = "", limit: int = 50) -> int:
    """Ask for the names that are due, of one platform or of all; return how many were learnt.

    No lock is held while the platform thinks.
    """
    due = _due(now).filter(channel__platform=platform) if platform else _due(now)
    fairly = page_by_page(due.select_related("channel"), "channel", "ask_name_at", "pk", of_each=OF_A_PAGE)
    return sum(_ask(contact, now) for contact in fairly[:limit])


def platforms_due(now: datetime) -> list[str]:
    return list(_due(now).values_list("channel__platform", flat=True).distinct())


def _due(now: datetime) -> QuerySet[Contact]:
    return Contact.objects.filter(may_be_called(now, "channel__"), ask_name_at__lte=now)


def _ask(contact: Contact, now: datetime) -> bool:
    claimed = Contact.objects.filter(pk=contact.pk, ask_name_at=contact.ask_name_at).update(ask_name_at=now + AGAIN)
    if not claimed:
        return False  # another clock has it
    try:
        with calling(contact.channel, now=now) as connection:
            name = platforms.get(contact.channel.platform).name_of(contact.external_id, connection)
    except (SendNotReached, SendUncertain):
        return False  # asked again later
    except (SendRefused, TokenUnreadable) as refusal:
        log.info("names: contact %s: %s", contact.pk, type(refusal).__name__)
        name = ""
    # Unless it was forgotten meanwhile, or renamed by its platform.
    same = Contact.objects.filter(pk=contact.pk, external_id=contact.external_id, ask_name_at=now + AGAIN)
    learnt = bool(same.update(name=name[:200], ask_name_at=None, named_at=now if name else None) and name)
    if learnt:
        live.nudge(contact.channel.organization_id)
    return learnt
