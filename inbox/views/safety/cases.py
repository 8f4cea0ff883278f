"""Adverse events, defects and device incidents: the list, one case with its check-list and clocks, and a summary to print."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Permission, requires
from accounts.locations.dates import tell_as_in
from accounts.models import Location
from accounts.web.posts import posted_from
from accounts.web.requests import MemberRequest
from inbox.cases import judging, reading
from inbox.forms import CaseReportForm
from inbox.models import CaseReport, SafetyCase
from inbox.models.safety.cases import SafetyCaseQuerySet
from inbox.screening.shown import erased
from inbox.triage.identifiers.unread import masked
from inbox.views.desk import unmasking
from inbox.views.desk.unmasked import key_of, unmasked

PAGE = 50
RELATED = ("message__conversation__contact", "message__conversation__location", "message__conversation__post")


class CriteriaForm(forms.ModelForm):
    """It begins with what the message says by itself; nobody has confirmed that yet."""

    class Meta:
        model = SafetyCase
        fields = judging.JUDGED

    def __init__(self, shown: reading.Shown, data: QueryDict | None = None) -> None:
        super().__init__(data, instance=shown.case, initial=shown.begins)
        for criterion in shown.criteria:
            self.fields[criterion.name].help_text = criterion.found


@requires(Permission.INBOX_VIEW)
@require_GET
def case_list(request: MemberRequest) -> HttpResponse:
    now, kind, places = timezone.now(), request.GET.get("type", ""), request.membership.places
    location = _location(request, places)
    kind = kind if kind in SafetyCase.Type.values else ""
    rows = _visible(request).standing()
    rows = rows.filter(message__conversation__location=location) if location else rows
    rows = rows.filter(type=kind) if kind else rows
    found = list(_after(rows, request).pressing()[: PAGE + 1])
    counts = reading.counts(request.membership, location)
    context = {
        "rows": [reading.shown(case, now) for case in found[:PAGE]],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "owed": any(case.duty for case in found),
        "kind": kind,
        "location": location,
        "locations": places,
        "tabs": [("", _("All"), sum(counts.values())), *((each.value, each.label, counts[each]) for each in SafetyCase.Type)],
        "now": now,
    }
    return render(request, "inbox/cases/list.html", context)


@requires(Permission.INBOX_VIEW)
@require_GET
def case_page(request: MemberRequest, pk: int) -> HttpResponse:
    return show(request, find(request, pk), "inbox/cases/case.html")


@requires(Permission.INBOX_VIEW)
@require_GET
def summary(request: MemberRequest, pk: int) -> HttpResponse:
    return show(request, find(request, pk), "inbox/cases/summary.html")


def page_of(request: MemberRequest, pk: int) -> str:
    return find(request, pk).get_absolute_url()


@requires(Permission.FINDINGS_SAFETY)
@posted_from(page_of)
def check(request: MemberRequest, pk: int) -> HttpResponse:
    case = find(request, pk)
    form = CriteriaForm(_shown(request, case), request.POST)
    if not form.is_valid():
        # Read anew: a form that is refused has left what it took in the case, as if somebody had saved it.
        return show(request, find(request, pk), "inbox/cases/case.html", status=422, form=form)
    judging.check(case, form.cleaned_data, by=request.membership, now=timezone.now())
    messages.success(request, _("Saved, with your name and the time."))
    return redirect("inbox:case", pk)


@requires(Permission.FINDINGS_SAFETY)
@require_POST
def forward(request: MemberRequest, pk: int) -> HttpResponse:
    if not judging.forward(find(request, pk), by=request.membership, now=timezone.now()):
        messages.error(request, _("Somebody already said that it was passed on."))
    return redirect("inbox:case", pk)


@requires(Permission.FINDINGS_SAFETY)
@require_POST
def take_back_forward(request: MemberRequest, pk: int) -> HttpResponse:
    if not judging.take_back_forward(find(request, pk), by=request.membership, now=timezone.now()):
        messages.error(request, _("Nothing to take back here."))
    return redirect("inbox:case", pk)


@requires(Permission.INBOX_IDENTIFIERS)
@require_POST
@never_cache
def unmask(request: MemberRequest, pk: int) -> HttpResponse:
    """What its words hold that points to a person, also where they were erased: no message shows these."""
    unmasking.show(request, find(request, pk).message)
    return redirect("inbox:case", pk)


def show(request: MemberRequest, case: SafetyCase, template: str, *, status: int = 200, **more: Any) -> HttpResponse:
    now: datetime = timezone.now()
    shown = _shown(request, case)
    context = {"shown": shown, "case": case, "form": CriteriaForm(shown), "report_form": report_form(case, now), "now": now}
    context["author"] = _author(shown)
    return render(request, template, context | more, status=status)


def report_form(case: SafetyCase, now: datetime, data: QueryDict | None = None) -> CaseReportForm:
    zone = case.zone
    return CaseReportForm(data, known_on=case.aware_at.astimezone(zone).date(), today=now.astimezone(zone).date())


def _shown(request: MemberRequest, case: SafetyCase) -> reading.Shown:
    now = timezone.now()
    return reading.shown(case, now, unmasked=_unmasked(request, case, now), whole=True)


def _unmasked(request: MemberRequest, case: SafetyCase, now: datetime) -> bool:
    key = erased.key_of(case.message) if case.message.kept.all() else key_of(case.message)
    return key in unmasked(request, now)


def _author(shown: reading.Shown) -> str:
    """As the platform shows it, or did when their words were erased: it may let nobody keep the name either."""
    conversation = shown.case.message.conversation
    told = conversation.contact.name if conversation.contact else ""
    kept = next((each.author for each in shown.kept if each.author), "")
    name = kept if kept and not told else conversation.contact_name
    return name if shown.unmasked else masked(name)


def _visible(request: MemberRequest) -> SafetyCaseQuerySet:
    rows = SafetyCase.objects.visible_to(request.membership).select_related(*RELATED)
    reports = Prefetch("reports", CaseReport.objects.select_related("recorded_by__user"))
    return rows.prefetch_related("message__findings__added_by__user", "message__versions", reports)


def find(request: MemberRequest, pk: int) -> SafetyCase:
    rows = _visible(request).select_related("checked_by__user", "forwarded_by__user", *RELATED)
    case = get_object_or_404(rows.prefetch_related("message__kept"), pk=pk)
    tell_as_in(case.message.conversation.location)
    return case


def _after(rows: SafetyCaseQuerySet, request: MemberRequest) -> SafetyCaseQuerySet:
    after = request.GET.get("after", "")
    last = _visible(request).filter(pk=int(after)).first() if after.isdecimal() and len(after) < 19 else None
    return rows.pressing_after(last) if last else rows


def _location(request: MemberRequest, places: list[Location]) -> Location | None:
    slug = request.GET.get("location", "")
    found = next((one for one in places if one.slug == slug), None)
    if slug and found is None:
        raise Http404
    return found
