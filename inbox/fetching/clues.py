"""Fetching from the platforms what a webhook named and did not tell."""

import logging
from datetime import datetime, timedelta

from django.db import models, transaction

from inbox import platforms
from inbox.channels import calling
from inbox.models import Channel, Clue, Delivery, UnhandledEvent
from inbox.models.channels import TokenUnreadable, may_be_called
from inbox.platforms import listings
from inbox.platforms.base import Reason, SendError, SendNotReached
from inbox.triage.identifiers.unread import masked

log = logging.getLogger(__name__)

SOON, LATEST = timedelta(minutes=1), timedelta(hours=1)
MAX_ATTEMPTS = 12  # some six hours


def keep(channel: Channel, external_id: str, delivery: Delivery, number: int, *, now: datetime) -> None:
    """Told again, it is looked at again: it may have changed since."""
    told = {"delivery": delivery, "number": number, "try_at": now, "attempts": 0}
    Clue.objects.update_or_create(channel=channel, external_id=external_id, defaults=told)


def follow(*, now: datetime, platform: str = "", limit: int = 50) -> int:
    """Fetch what is due, of one platform or of all, and store it as a delivery; return how many were followed.

    No lock is held across a call.
    """
    due = _due(now).filter(channel__platform=platform) if platform else _due(now)
    return sum(_follow(clue, now) for clue in due.select_related("channel", "delivery").order_by("try_at", "pk")[:limit])


def platforms_due(now: datetime) -> list[str]:
    return list(_due(now).values_list("channel__platform", flat=True).distinct())


def _due(now: datetime) -> "models.QuerySet[Clue]":
    return Clue.objects.filter(may_be_called(now, "channel__"), try_at__lte=now)


def _follow(clue: Clue, now: datetime) -> bool:
    again = now + min(SOON * 2**clue.attempts, LATEST)
    turn = Clue.objects.filter(pk=clue.pk, try_at=clue.try_at)
    if not turn.update(try_at=again, attempts=clue.attempts + 1):
        return False  # another clock has it
    channel, mine = clue.channel, Clue.objects.filter(pk=clue.pk, try_at=again)
    try:
        with calling(channel, now=now) as connection:
            found = list(platforms.get(channel.platform).fetch(clue.external_id, connection))
    except (SendError, TokenUnreadable) as error:
        log.info("clue %s: %s", clue.pk, type(error).__name__)
        if isinstance(error, SendError) and error.reason is Reason.THROTTLED:
            mine.update(try_at=now, attempts=clue.attempts)  # the channel waits, and this was no attempt
        elif not isinstance(error, SendNotReached) or clue.attempts + 1 >= MAX_ATTEMPTS:
            _give_up(clue, str(error), mine)
        return False
    if found:
        body = listings.body_of(channel.platform, channel.external_id, found, at=now)
        Delivery.objects.store(listings.FETCHED, body, signed_by="", now=now)
    mine.delete()
    return bool(found)


@transaction.atomic
def _give_up(clue: Clue, problem: str, mine: "models.QuerySet[Clue]") -> None:
    """Kept where an admin sees it: reading the delivery anew brings the clue back."""
    if mine.delete()[0]:
        UnhandledEvent.objects.get_or_create(
            delivery=clue.delivery,
            number=clue.number,
            defaults={
                "platform": clue.channel.platform,
                "page_id": clue.channel.external_id,
                "channel": clue.channel,
                "reason": UnhandledEvent.Reason.UNRECOGNISED,
                "detail": f"not fetched: {masked(problem)}"[:200],
                "received_at": clue.delivery.received_at,
            },
        )
        Delivery.objects.filter(pk=clue.delivery_id).update(outcome=Delivery.Outcome.PARTLY)
