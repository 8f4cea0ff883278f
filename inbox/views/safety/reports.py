"""Who outside was told of a safety case, as people say by name; and that it was not so."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import Permission, requires
from accounts.web.posts import posted_from
from accounts.web.requests import MemberRequest
from inbox.cases import judging
from inbox.models import CaseReport
from inbox.views.safety.cases import find, page_of, report_form, show


@requires(Permission.FINDINGS_SAFETY)
@posted_from(page_of)
def add(request: MemberRequest, pk: int) -> HttpResponse:
    case, now = find(request, pk), timezone.now()
    form = report_form(case, now, request.POST)
    if not form.is_valid():
        return show(request, case, "inbox/cases/case.html", status=422, report_form=form)
    judging.report(case, **form.cleaned_data, by=request.membership, now=now)
    messages.success(request, _("Saved, with your name and the time."))
    return redirect(case)


@requires(Permission.FINDINGS_SAFETY)
@require_POST
def take_back(request: MemberRequest, pk: int, report_pk: int) -> HttpResponse:
    case = find(request, pk)
    report = get_object_or_404(CaseReport, pk=report_pk, case=case)
    if not judging.take_back_report(report, by=request.membership, now=timezone.now()):
        messages.error(request, _("Somebody already took it back."))
    return redirect(case)
