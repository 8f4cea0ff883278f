"""Response times of a period, as figures, a chart and a file."""

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.access import Permission, requires
from accounts.locations.dates import today_of
from accounts.web import spreadsheets
from accounts.web.requests import MemberRequest
from responses.forms import PeriodForm
from responses.measuring import outages, reports
from responses.measuring.histogram import Duration
from responses.measuring.outages import Outage
from responses.measuring.reports import Report, Row


@requires(Permission.REPORTS_VIEW)
@require_GET
def report(request: MemberRequest) -> HttpResponse:
    form, found = _asked_for(request)
    context = {
        "form": form,
        "report": found,
        "presets": PeriodForm.PRESETS,
        "chart": _chart(found),
        "few": reports.FEW,
        "query": request.GET.urlencode(),
        "outages": outages.of(request.membership, found.period, now=timezone.now()),
        "now": timezone.now(),
    }
    return render(request, "responses/report.html", context, status=422 if form.errors else 200)


@requires(Permission.REPORTS_VIEW)
@require_GET
def report_export(request: MemberRequest) -> StreamingHttpResponse:
    _form, found = _asked_for(request)
    headers = [
        _("From"),
        _("To"),
        _("Location"),
        _("Platform"),
        _("Due"),
        _("On time"),
        _("Late"),
        _("Unanswered"),
        _("Attainment (%)"),
        _("Median (minutes)"),
        _("90th percentile (minutes)"),
        _("At least"),
    ]
    name, place, period = pgettext("name of a file", "report"), request.membership.organization.slug, found.period
    return spreadsheets.respond(f"{name}-{place}-{period.first}-{period.last}", headers, _lines(found))


@requires(Permission.REPORTS_VIEW)
@require_GET
def outages_export(request: MemberRequest) -> StreamingHttpResponse:
    """Of a period as the report's or the misses' page asks for it."""
    now, member = timezone.now(), request.membership
    period = PeriodForm(request.GET).period(today_of(member, now))
    headers = [
        _("Location"),
        _("Platform"),
        _("Page"),
        _("What"),
        _("Time zone"),
        _("From"),
        _("To"),
        _("In this period (minutes)"),
    ]
    found, name = outages.of(member, period, now=now), pgettext("name of a file", "outages")
    rows = _outage_lines(found, member.zone)
    return spreadsheets.respond(f"{name}-{member.organization.slug}-{period.first}-{period.last}", headers, rows)


def _outage_lines(found: list[Outage], zone: ZoneInfo) -> Iterator[Sequence[Any]]:
    for outage in found:
        page, trouble = outage.page, outage.trouble
        whose = [page.location.name, page.get_platform_display(), page.name] if page else [_("All"), _("All"), "Comptoir"]
        times = [spreadsheets.moment(at, zone) for at in (trouble.since, trouble.ended_at)]
        yield [*whose, outage.what, zone.key, *times, outage.minutes]


def _lines(found: Report) -> Iterator[Sequence[Any]]:
    for row in [found.total, *found.locations, *found.platforms, *found.pairs]:
        counts = row.counts
        percent = "" if counts.attainment is None else round(counts.attainment, 1)
        times = [_minutes(row.median), _minutes(row.p90), _bounded(row)]
        place = row.location.name if row.location else _("All")
        figures = [counts.due, counts.met, counts.late, counts.unanswered, percent]
        yield [found.period.first, found.period.last, place, row.platform_label or _("All"), *figures, *times]


def _minutes(duration: Duration | None) -> int | str:
    return duration.minutes if duration else ""


def _bounded(row: Row) -> str:
    """Which of the times are only known from below."""
    known = [(_("Median"), row.median), (_("90th percentile"), row.p90)]
    return ", ".join(label for label, duration in known if duration and duration.at_least)


def _asked_for(request: MemberRequest) -> tuple[PeriodForm, Report]:
    now, form = timezone.now(), PeriodForm(request.GET)
    period = form.period(today_of(request.membership, now))
    return form, reports.report(request.membership, period, now=now)


def _chart(found: Report) -> dict[str, Any]:
    """What static/js/charts.js draws: bars on each other, one a day or a week."""
    series = [("met", _("On time")), ("late", _("Late")), ("unanswered", _("Unanswered"))]
    return {
        "labels": [step.day.isoformat() for step in found.steps],
        "series": [
            {"tone": name, "label": label, "data": [getattr(step.counts, name) for step in found.steps]} for name, label in series
        ],
    }
