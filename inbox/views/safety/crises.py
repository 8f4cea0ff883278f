"""Taking on a crisis, and what became of each."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Permission, requires
from accounts.web.requests import MemberRequest
from inbox import conversations
from inbox.crises import alerts, reading
from inbox.models import Crisis
from inbox.views.desk.actions import done
from inbox.views.desk.conversation import find

KEPT_IN_VIEW = timedelta(days=90)
SHOWN = 200


@requires(Permission.INBOX_VIEW)
@require_POST
def acknowledge(request: MemberRequest, pk: int) -> HttpResponse:
    conversation = find(request, pk)
    try:
        conversations.take_on(conversation, by=request.membership, now=timezone.now())
    except alerts.NotPossible as problem:
        messages.error(request, str(problem))
    return done(request, conversation)


@requires(Permission.MISSES_VIEW)
@require_safe
def crisis_list(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    related = ("conversation__location", "acknowledged_by__user")
    rows = Crisis.objects.visible_to(request.membership).filter(opened_at__gt=now - KEPT_IN_VIEW)
    newest = rows.select_related(*related).order_by("-opened_at", "-pk")[:SHOWN]
    return render(request, "inbox/crises.html", {"rows": [_row(one, now) for one in reading.together(newest)], "now": now})


def _row(one: reading.Together, now: Any) -> dict[str, Any]:
    crisis = one.first
    until = crisis.acknowledged_at or crisis.ended_at or now
    return {"crisis": crisis, "name": one.names, "late": crisis.is_late(now), "took": until - crisis.opened_at}
