from collections.abc import Iterable
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


@requires(Permission.INBOX_VIEW)
@require_GET
def notice_list(request: MemberRequest) -> HttpResponse:
    related = ("conversation__contact", "conversation__location", "channel__location", "case")
    rows = _mine(request).select_related(*related)[:SHOWN]
    unread = any(notice.read_at is None for notice in rows)
    return render(request, "inbox/notices.html", {"groups": _together(rows), "unread": unread, "now": timezone.now()})


def _together(rows: Iterable[Notice]) -> list[list[Notice]]:
    """What one look at the calendar found is one thing to know: thirty templates may end on the same day."""
    return [list(group) for _, group in groupby(rows, key=lambda row: (row.kind, row.created_at) if row.of_expiry else row.pk)]


@requires(Permission.INBOX_VIEW)
@require_POST
def open_notice(request: MemberRequest, pk: int) -> HttpResponse:
    """Go to what a notice is about, and count all that was said of it as read."""
    notice = get_object_or_404(_mine(request).select_related("conversation", "channel", "case__message__conversation"), pk=pk)
    about = notice.about
    notices.read(request.membership, about, now=timezone.now())
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
