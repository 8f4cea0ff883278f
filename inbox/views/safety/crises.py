"""Taking on a crisis, what became of each, and whom people in danger can call."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.access import Permission, requires
from accounts.models import Location
from accounts.web.requests import MemberRequest
from inbox import conversations
from inbox.crises import alerts, reading, words
from inbox.models import Crisis, HelpLinesCheck
from inbox.triage.help import help_lines
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


@requires(Permission.INBOX_VIEW)
@require_safe
def help_line_table(request: MemberRequest) -> HttpResponse:
    table, now, language = help_lines.table(), timezone.now(), (get_language() or "fr")[:2]
    provinces = {place.province for place in request.membership.visible_locations()}
    context = {
        "table": table,
        "places": [_place(province, language, now) for province in sorted(provinces)],
        "checked": reading.last_check(request.membership.organization_id, now=now),
        "last": HelpLinesCheck.objects.filter(organization=request.membership.organization_id).first(),
        "may_check": request.membership.may(Permission.TEMPLATES_DECIDE),
    }
    return render(request, "inbox/help_lines.html", context)


def _place(province: str, language: str, now: Any) -> dict[str, Any]:
    place = Location(province=province)
    kinds = [(words.name(kind), reading.lines_of([kind], place, now=now)) for kind in words.GRAVEST_FIRST]
    return {"name": place.get_province_display(), "kinds": kinds}


@requires(Permission.TEMPLATES_DECIDE)
@require_POST
@transaction.atomic
def help_lines_check(request: MemberRequest) -> HttpResponse:
    """This person has called these numbers."""
    member, table, now = request.membership, help_lines.table(), timezone.now()
    if request.POST.get("digest") != table.digest:
        messages.error(request, _("The table has changed since you opened it. Look at it again."))
        return redirect("inbox:help_lines")
    check = HelpLinesCheck.objects.create(organization=member.organization, digest=table.digest, by=member, at=now)
    audit.record("help_lines.checked", check, organization=member.organization_id, by=member, now=now)
    messages.success(request, _("Thank you. The numbers count as checked by you today."))
    return redirect("inbox:help_lines")
