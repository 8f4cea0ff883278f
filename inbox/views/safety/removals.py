"""What people removed of what a machine saw, how often each rule was right, and what people added: for compliance."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.access import Permission, requires
from accounts.locations.dates import tell_as_in
from accounts.web import spreadsheets
from accounts.web.requests import MemberRequest
from inbox.models import Finding
from inbox.screening.by_people import figures
from inbox.screening.shown import words

PAGE = 50


@requires(Permission.FINDINGS_REVIEW)
@require_GET
def removal_list(request: MemberRequest) -> HttpResponse:
    tell_as_in(request.membership.organization)
    zone = request.membership.organization.zone
    months = figures.months(timezone.now(), zone)
    month = next((month for month in months if f"{month:%Y-%m}" == request.GET.get("month")), months[0])
    first, end = figures.bounds(month, zone)
    rows = list(_after(_removed(request).filter(removed_at__gte=first, removed_at__lt=end), request)[: PAGE + 1])
    context = {
        "months": months,
        "month": month,
        "figures": figures.figures(request.membership, first, end, zone),
        "unseen": figures.unseen(request.membership, first, end, zone),
        "rows": [(finding, words.label(finding.type)) for finding in rows[:PAGE]],
        "next": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "now": timezone.now(),
    }
    return render(request, "inbox/removals.html", context)


@requires(Permission.FINDINGS_REVIEW)
@require_GET
def removal_export(request: MemberRequest) -> StreamingHttpResponse:
    headers = [
        _("Time zone"),
        _("Removed"),
        _("Removed by"),
        _("What was seen"),
        _("Rule"),
        _("Version"),
        _("Reason"),
        _("Note"),
        _("Detected"),
    ]
    zone = request.membership.organization.zone
    rows = _removed(request).iterator(chunk_size=2000)
    return spreadsheets.respond(
        _file(request, pgettext("name of a file", "removals")),
        [*headers, _("Location"), _("Conversation"), _("Message")],
        (_cells(finding, zone) for finding in rows),
    )


@requires(Permission.FINDINGS_REVIEW)
@require_GET
def precision_export(request: MemberRequest) -> StreamingHttpResponse:
    headers = [
        _("Month"),
        _("Rule"),
        _("What was seen"),
        _("Times found"),
        _("Removed as wrong"),
        _("Removed for another reason"),
    ]
    return spreadsheets.respond(
        _file(request, pgettext("name of a file", "rules")), [*headers, _("Right (%)")], _precisions(request)
    )


@requires(Permission.FINDINGS_REVIEW)
@require_GET
def unseen_export(request: MemberRequest) -> StreamingHttpResponse:
    headers = [_("Month"), _("What was not seen"), _("Messages"), _("Removed as wrong")]
    zone = request.membership.organization.zone
    rows = figures.unseen(request.membership, *_year(zone), zone)
    return spreadsheets.respond(
        _file(request, pgettext("name of a file", "unseen")),
        headers,
        ([f"{one.month:%Y-%m}", one.label, one.messages, one.removed] for one in rows),
    )


def _removed(request: MemberRequest) -> QuerySet[Finding]:
    found = Finding.objects.visible_to(request.membership).filter(removed_at__isnull=False)
    whole = found.select_related("removed_by__user", "added_by__user", "message__conversation__location")
    return whole.order_by("-removed_at", "-pk")


def _after(found: QuerySet[Finding], request: MemberRequest) -> QuerySet[Finding]:
    after = request.GET.get("after", "")
    last = found.filter(pk=int(after)).first() if after.isdecimal() and len(after) < 19 else None
    return found.filter(removed_at__lte=last.removed_at).exclude(removed_at=last.removed_at, pk__gte=last.pk) if last else found


def _cells(finding: Finding, zone: ZoneInfo) -> list[Any]:
    conversation = finding.message.conversation
    return [
        zone.key,
        spreadsheets.moment(finding.removed_at, zone),
        finding.removed_by,
        words.label(finding.type),
        finding.rule,
        finding.triage_version,
        finding.get_removal_display(),
        finding.removal_note,
        spreadsheets.moment(finding.found_at, zone),
        conversation.location.short_name,
        conversation.pk,
        finding.message_id,
    ]


def _precisions(request: MemberRequest) -> Iterator[list[Any]]:
    zone = request.membership.organization.zone
    for one in figures.figures(request.membership, *_year(zone), zone):
        yield [
            f"{one.month:%Y-%m}", one.rule, one.label, one.found, one.wrong, one.set_aside, round(one.precision * 100, 1)
        ]  # fmt: skip


def _year(zone: ZoneInfo) -> tuple[datetime, datetime]:
    """All the months that are shown."""
    months: list[date] = figures.months(timezone.now(), zone)
    return figures.bounds(months[-1], zone)[0], figures.bounds(months[0], zone)[1]


def _file(request: MemberRequest, kind: str) -> str:
    return f"{kind}-{request.membership.organization.slug}"
