from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Permission, requires, signed_in
from accounts.web.requests import MemberRequest
from inbox.models import Channel, Conversation, Notice
from inbox.news import notices

SHOWN = 100
UNFOLDED = 6  # rows of a group


@requires(Permission.INBOX_VIEW)
@require_GET
def notice_list(request: MemberRequest) -> HttpResponse:
    related = ("conversation__contact", "conversation__location", "channel__location", "case")
    rows = _mine(request).select_related(*related)[:SHOWN]
    unread = any(notice.read_at is None for notice in rows)
    return render(request, "inbox/notices.html", {"groups": _together(rows), "unread": unread, "now": timezone.now()})


@dataclass(frozen=True, slots=True)
class Group:
    """What one look at the calendar found is one thing to know: thirty templates may end on the same day."""

    rows: list[Notice]

    @property
    def unread(self) -> bool:
        return any(row.read_at is None for row in self.rows)

    @property
    def long(self) -> bool:
        return len(self.rows) > UNFOLDED


def _together(rows: Iterable[Notice]) -> list[Group]:
    grouped = groupby(rows, key=lambda row: (row.kind, row.created_at) if row.of_expiry else row.pk)
    return [Group(sorted(group, key=lambda row: row.pk)) for _, group in grouped]


@requires(Permission.INBOX_VIEW)
@require_POST
def open_notice(request: MemberRequest, pk: int) -> HttpResponse:
    """Go to what a notice is about, and count all that was said of it as read."""
    notice = get_object_or_404(_mine(request).select_related("conversation", "channel", "case__message__conversation"), pk=pk)
    about, now = notice.about, timezone.now()
    notices.read(request.membership, about, now=now)
    if notice.of_expiry:  # with what it was found with, and shown with
        notices.read_together(notice, now=now)
    return redirect(about or "channels:list")


@requires(Permission.INBOX_VIEW)
@require_POST
def mark_read(request: MemberRequest) -> HttpResponse:
    notices.read_all(request.membership, now=timezone.now())
    return redirect("inbox:notices")


@signed_in
@require_GET
def shortcuts(request: MemberRequest) -> HttpResponse:
    return render(request, "inbox/shortcuts.html")


def _mine(request: MemberRequest) -> QuerySet[Notice]:
    # Locations change hands: a notice of one that this person no longer sees is not shown either.
    talks, pages = Conversation.objects.visible_to(request.membership), Channel.objects.visible_to(request.membership)
    ours = Q(conversation=None, channel=None)  # of Comptoir itself
    return Notice.objects.filter(Q(conversation__in=talks) | Q(channel__in=pages) | ours, membership=request.membership)
