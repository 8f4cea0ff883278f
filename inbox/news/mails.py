"""Mail for what cannot wait until somebody opens Comptoir: one a person, with everything that is due."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import User
from inbox.models import Notice

log = logging.getLogger(__name__)

AGAIN = timedelta(minutes=10)  # after the mail server refused, or the worker that had them died


def send_due(*, now: datetime, limit: int = 500) -> int:
    """Send what is due; return how many mails. No transaction is open while the mail server thinks."""
    due = Notice.objects.filter(mail_at__lte=now).order_by("membership__user", "pk")
    rows = list(due.select_related("membership__user", "channel__location", "conversation__location", "case")[:limit])
    return sum(_send(user, list(notices), now) for user, notices in groupby(rows, lambda row: row.membership.user))


def _send(user: User, rows: list[Notice], now: datetime) -> bool:
    mine = [row for row in rows if Notice.objects.filter(pk=row.pk, mail_at=row.mail_at).update(mail_at=now + AGAIN)]
    if not mine:
        return False  # another clock has them
    try:
        _written(user, mine).send()
    except (SMTPException, OSError) as problem:
        log.warning("mails: user %s: %s", user.pk, type(problem).__name__)
        return False
    Notice.objects.filter(pk__in=[row.pk for row in mine]).update(mail_at=None)
    return True


def _written(user: User, rows: Sequence[Notice]) -> EmailMessage:
    urgent = next((row for row in rows if row.of_danger), None)
    with translation.override(user.language):
        context = {"user": user, "notices": rows, "address": settings.PUBLIC_URL, "urgent": urgent}
        context["of_pages"] = any(not row.conversation_id for row in rows)
        subject = render_to_string("inbox/email/notices_subject.txt", context).strip()
        return EmailMessage(subject, render_to_string("inbox/email/notices_message.txt", context), to=[user.email])
