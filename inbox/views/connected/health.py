"""How the pages do: all of them in a list, and each on a page of its own."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Permission, requires
from accounts.locations.dates import tell_as_in
from accounts.web.requests import MemberRequest
from inbox import channels
from inbox.channels.joining import starting
from inbox.channels.watching import health
from inbox.intake import letters
from inbox.models import Channel, RejectedCount, UnhandledEvent


@requires(Permission.CHANNELS_VIEW)
@require_safe
def channel_list(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    rows = list(_mine(request).order_by("disconnected_at", "location__name", "platform", "name"))
    context = {
        "pages": health.verdicts(rows, now=now),
        "waiting": starting.waiting(rows),
        "still": health.of_comptoir(now=now),
        "now": now,
    }
    if request.membership.may(Permission.CHANNELS_MANAGE) and letters.operates(request.membership):
        context |= _of_the_receivers(now)
    return render(request, "inbox/channels/list.html", context)


@requires(Permission.CHANNELS_VIEW)
@require_safe
def page(request: MemberRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    channel = get_object_or_404(_mine(request), pk=pk)
    tell_as_in(channel.location)
    context = {"health": health.of(channel, now=now), "channel": channel, "waiting": starting.waiting([channel]), "now": now}
    return render(request, "inbox/channels/page.html", context)


@requires(Permission.CHANNELS_VIEW)
@require_POST
def check(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask the platform now how it sees the page; the clock then compares the page with its list."""
    channel = get_object_or_404(_mine(request).filter(disconnected_at=None), pk=pk)
    now = timezone.now()
    answered = channels.check_now(channel, now=now)
    channels.look_soon(channel, now=now)
    channel.refresh_from_db()
    if answered:
        messages.success(request, _("The platform answered. The page is now compared with what it lists."))
    else:
        messages.error(request, channel.problem_words or _("The platform did not answer. It is asked again in a few minutes."))
    return redirect(channel)


def _mine(request: MemberRequest) -> QuerySet[Channel]:
    return Channel.objects.visible_to(request.membership).select_related("location")


def _of_the_receivers(now: datetime) -> dict[str, Any]:
    """What belongs to no page that is connected. Numbers and dates only: what was said stands with the deliveries."""
    rejected = RejectedCount.objects.filter(day__gte=(now - timedelta(days=7)).date())
    return {
        "unknown": UnhandledEvent.unknown_pages()[:50],
        "unread": UnhandledEvent.unread_of_nobody().count(),
        "rejected": rejected.order_by("-day", "endpoint"),
    }
