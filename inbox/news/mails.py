"""Mail for what cannot wait until somebody opens Comptoir: one a person, with everything that is due."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPServerDisconnected

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import User
from inbox.models import Notice

log = logging.getLogger(__name__)

AGAIN = timedelta(minutes=10)  # after the mail server refused, or the worker that had them died
AT_ONCE = 500  # notices that one run looks at to see whose turn it is
OF_DANGER = [kind for kind in Notice.Kind if Notice(kind=kind).of_danger]


def waits_of_danger(*, now: datetime) -> bool:
    return _of_danger(now).exists()


def send_of_danger(*, now: datetime) -> int:
    """What cannot wait for other mails: `send_due` may be held up by one of them."""
    return _send_each(_of_danger(now), now)


def send_due(*, now: datetime) -> int:
    """Send what is due; return how many mails. No transaction is open while the mail server thinks."""
    return _send_each(_due(now), now)


def _due(now: datetime) -> "QuerySet[Notice]":
    return Notice.objects.filter(mail_at__lte=now)


def _of_danger(now: datetime) -> "QuerySet[Notice]":
    return _due(now).filter(kind__in=OF_DANGER)


def _send_each(due: "QuerySet[Notice]", now: datetime) -> int:
    """Over one connection, and no further than it holds: a server that is away would take as long for each person."""
    rows = due.annotate(first=Q(kind__in=OF_DANGER)).order_by("-first", "pk")
    whose = set(rows.values_list("membership__user", flat=True)[:AT_ONCE])
    people: dict[User, list[Notice]] = {}  # all that each is due, however much: one mail
    rows = rows.filter(membership__user__in=whose)
    for row in rows.select_related("membership__user", "channel__location", "conversation__location", "case"):
        people.setdefault(row.membership.user, []).append(row)
    if not people:
        return 0
    sent = 0
    try:
        with get_connection() as server:  # before any is claimed: what it is away for stays due
            for user, notices in people.items():
                sent += _send(user, notices, server, now)
    except OSError as problem:  # as all of smtplib's are
        log.warning("mails: the mail server is away: %s", type(problem).__name__)
    return sent


def _send(user: User, rows: list[Notice], server: BaseEmailBackend, now: datetime) -> bool:
    mine = [row for row in rows if Notice.objects.filter(pk=row.pk, mail_at=row.mail_at).update(mail_at=now + AGAIN)]
    if not mine:
        return False  # another clock has them
    try:
        server.send_messages([_written(user, mine)])
    except SMTPServerDisconnected:
        raise
    except SMTPException as problem:
        log.warning("mails: user %s: %s", user.pk, type(problem).__name__)
        return False
    Notice.objects.filter(pk__in=[row.pk for row in mine]).update(mail_at=None)
    return True


def _written(user: User, rows: Sequence[Notice]) -> EmailMessage:
    urgent = next((row for row in rows if row.of_danger), None)
    with translation.override(user.language):
        context = {"user": user, "notices": rows, "address": settings.PUBLIC_URL, "urgent": urgent}
        context["of_pages"] = any(not row.conversation_id and not row.address for row in rows)
        context["expiring"] = sum(row.of_expiry for row in rows)
        subject = render_to_string("inbox/email/notices_subject.txt", context).strip()
        return EmailMessage(subject, render_to_string("inbox/email/notices_message.txt", context), to=[user.email])
