from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.access import Permission, requires
from accounts.auditing import trail
from accounts.forms import TrailForm
from accounts.locations.dates import tell_as_in
from accounts.models import AuditEntry
from accounts.web import spreadsheets
from accounts.web.requests import MemberRequest

PAGE = 50


@requires(Permission.AUDIT_VIEW)
@require_GET
def audit_trail(request: MemberRequest) -> HttpResponse:
    tell_as_in(request.membership.organization)
    form = _form(request)
    entries = _asked_for(request, form)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        entries = entries.filter(pk__lt=int(before))
    rows = list(entries[: PAGE + 1])
    kept = request.GET.copy()
    kept.pop("before", None)
    context = {
        "form": form,
        "entries": [(entry, trail.in_words(entry.action)) for entry in rows[:PAGE]],
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "later": bool(before),
        "query": kept.urlencode(),
    }
    return render(request, "accounts/audit.html", context, status=422 if form.errors else 200)


@requires(Permission.AUDIT_VIEW)
@require_GET
def audit_export(request: MemberRequest) -> StreamingHttpResponse | HttpResponse:
    """All that matches, as CSV, streamed."""
    organization = request.membership.organization
    tell_as_in(organization)
    form = _form(request)
    if not form.is_valid():
        return HttpResponse(form.errors.as_text(), status=422, content_type="text/plain; charset=utf-8")
    kind = pgettext("name of a file", "audit")
    name = f"{kind}-{organization.slug}-{timezone.localdate():%Y-%m-%d}"
    entries = _asked_for(request, form).iterator(chunk_size=2000)
    rows = (trail.cells(entry, organization.zone) for entry in entries)  # drawn when this request is over
    return spreadsheets.respond(name, list(map(str, trail.HEADER)), rows)


def _form(request: MemberRequest) -> TrailForm:
    organization = request.membership.organization
    return TrailForm(request.GET, organization=organization, actions=trail.actions(organization))


def _asked_for(request: MemberRequest, form: TrailForm) -> QuerySet[AuditEntry]:
    mine = AuditEntry.objects.filter(organization=request.membership.organization_id).select_related("actor__user")
    if not form.is_valid():
        return mine.none()
    asked = form.cleaned_data
    only: dict[str, Any] = {
        "action": asked["action"],
        "actor": asked["person"],
        "at__gte": asked["since"] and _midnight(asked["since"]),
        "at__lt": asked["until"] and asked["until"] < date.max and _midnight(asked["until"] + timedelta(days=1)),
    }
    return mine.filter(**{name: value for name, value in only.items() if value})


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
