"""What became of the cases of a month, for who lays it beside the book of the pharmacovigilance; and each case as CSV."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

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
from inbox.cases import reconciling
from inbox.cases.reconciling import Line
from inbox.screening.by_people import figures


@requires(Permission.FINDINGS_REVIEW)
@require_GET
def month_page(request: MemberRequest) -> HttpResponse:
    tell_as_in(request.membership.organization)
    months, month = _months(request)
    rows = list(_lines(request, month))
    context = {
        "months": months,
        "month": month,
        "counts": reconciling.counts(rows),
        "invalid": [row for row in rows if row.invalid],
        "dismissed": [row for row in rows if row.dismissed],
    }
    return render(request, "inbox/cases/month.html", context)


@requires(Permission.FINDINGS_REVIEW)
@require_GET
def month_export(request: MemberRequest) -> StreamingHttpResponse:
    _all, month = _months(request)
    headers = [_("Case"), _("What was seen"), _("Product"), _("Location"), _("Time zone"), _("We know since")]
    headers += [_("Passed on"), _("Acknowledged as"), _("Acknowledged on"), _("Reported to"), _("Reported on"), _("Late")]
    headers += [_("Not valid yet: what is missing"), _("Dismissed"), _("Dismissed by"), _("Why")]
    name = f"{pgettext('name of a file', 'vigilance')}-{month:%Y-%m}-{request.membership.organization.slug}"
    zone = request.membership.organization.zone
    return spreadsheets.respond(name, headers, _cells(_lines(request, month), zone))


def _months(request: MemberRequest) -> tuple[list[date], date]:
    months = figures.months(timezone.now(), request.membership.organization.zone)
    return months, next((month for month in months if f"{month:%Y-%m}" == request.GET.get("month")), months[0])


def _lines(request: MemberRequest, month: date) -> Iterator[Line]:
    first, end = figures.bounds(month, request.membership.organization.zone)
    return reconciling.lines(request.membership, first, end, timezone.now())


def _cells(rows: Iterator[Line], zone: ZoneInfo) -> Iterator[list[Any]]:
    for row in rows:
        case, number, told, off = row.case, row.case.acknowledged, row.case.reported, row.dismissed
        yield [
            case.pk,
            row.shown.label,
            row.product,
            case.message.conversation.location.short_name,
            zone.key,
            spreadsheets.moment(case.aware_at, zone),
            spreadsheets.moment(case.forwarded_at, zone),
            number and number.reference,
            number and number.told_on,
            told and told.get_to_display(),
            told and told.told_on,
            _("yes") if row.late else "",
            row.missing,
            spreadsheets.moment(off.removed_at, zone) if off else "",
            off and off.removed_by,
            off and off.get_removal_display(),
        ]
