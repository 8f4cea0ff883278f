"""What compliance decides: words in review, oldest first; and words in force, withdrawn."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import Permission, requires
from accounts.locations.dates import today_of
from accounts.web.posts import posted_from
from accounts.web.requests import MemberRequest
from responses import library
from responses.forms import DecisionForm, WithdrawForm
from responses.models import TemplateVersion
from responses.texts import catalogue, readiness, rereading
from responses.texts.products import own_products
from responses.texts.readings import Places, readings

SHOWN = 25  # at a time: the oldest


@requires(Permission.TEMPLATES_DECIDE)
@require_GET
def queue(request: MemberRequest) -> HttpResponse:
    return _show(request)


def _entry_of(request: MemberRequest, pk: int) -> str:
    return f"{reverse('responses:queue')}#version-{_version(request, pk).pk}"


@requires(Permission.TEMPLATES_DECIDE)
@posted_from(_entry_of)
def decide(request: MemberRequest, pk: int) -> HttpResponse:
    version = _version(request, pk)
    form = DecisionForm(request.POST)
    approves = "approve" in request.POST
    if approves and form.is_valid() and not form.cleaned_data["expires_on"]:
        form.add_error("expires_on", _("Choose a day."))
    if not form.is_valid():
        return _show(request, answered=version, form=form, status=422)
    try:
        _decided(request, version, form.cleaned_data, approves)
    except ValidationError as problems:
        form.add_error(None, problems)
        return _show(request, answered=version, form=form, status=422)
    except library.Conflict as conflict:
        return _show(request, answered=version, form=form, status=409, conflict=str(conflict))
    said = _("“%(title)s” is approved.") if approves else _("Changes are asked for in “%(title)s”.")
    messages.success(request, said % {"title": version.title})
    return redirect("responses:queue")


def _decided(request: MemberRequest, version: TemplateVersion, said: dict[str, Any], approves: bool) -> None:
    by, now, seen, comment = request.membership, timezone.now(), said["seen"], said["comment"]
    if approves:
        library.approve(version, by=by, now=now, seen=seen, comment=comment, expires_on=said["expires_on"])
    else:
        library.request_changes(version, by=by, now=now, seen=seen, comment=comment)


def _template_of(request: MemberRequest, pk: int) -> str:
    return reverse("responses:template", args=[_version(request, pk).template_id])


@requires(Permission.TEMPLATES_DECIDE)
@posted_from(_template_of)
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    version = _version(request, pk)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return render(request, "responses/template_withdraw.html", {"version": version, "form": form}, status=422)
    try:
        library.withdraw(
            version,
            by=request.membership,
            now=timezone.now(),
            comment=form.cleaned_data["comment"],
            seen=form.cleaned_data["seen"],
        )
    except library.Conflict as conflict:
        form.add_error(None, str(conflict))
        return render(request, "responses/template_withdraw.html", {"version": version, "form": form}, status=409)
    messages.success(request, _("Withdrawn: nobody can use these words any more."))
    return redirect("responses:template", version.template_id)


def _show(
    request: MemberRequest,
    *,
    answered: TemplateVersion | None = None,
    form: DecisionForm | None = None,
    conflict: str = "",
    status: int = 200,
) -> HttpResponse:
    waiting = _in_review(request)
    versions = list(waiting[:SHOWN])
    reasons = library.reasons_not_to_decide(versions, request.membership)
    now = timezone.now()
    expires_on = _in_a_year(today_of(request.membership.organization, now))
    places = Places.of(request.membership.organization, now)
    own = own_products(request.membership.organization)
    entries = [_entry(version, reasons.get(version.pk, ""), expires_on, places, own, now) for version in versions]
    for entry in entries:
        if answered and form and entry["version"].pk == answered.pk:
            # After a conflict the form shows what was typed, under the stamp of what is shown now.
            entry["form"] = form if not conflict else _again(form, entry["version"])
    context = {
        "entries": entries,
        "total": waiting.count(),
        "to_read_again": rereading.to_read_again(request.membership.organization, now),
        "conflict": conflict,
        "answered": answered,
        "typed": form.data.get("comment", "") if form and conflict else "",
    }
    return render(request, "responses/queue.html", context, status=status)


def _entry(
    version: TemplateVersion, reason: str, expires_on: date, places: Places, own: tuple[str, ...], now: datetime
) -> dict[str, Any]:
    before = version.template.in_force
    return {
        "version": version,
        "waited": now - (version.submitted_at or now),
        "before": before,
        "differences": catalogue.differences(before, version),
        "readings": readings(version, places),
        "warnings": readiness.warnings(version.words, own),
        "reason": reason,
        "form": _form(version, expires_on=expires_on),
    }


def _form(version: TemplateVersion, **initial: Any) -> DecisionForm:
    return DecisionForm(initial={"seen": version.stamp, **initial}, auto_id=f"id_{version.pk}_%s")


def _again(form: DecisionForm, version: TemplateVersion) -> DecisionForm:
    return _form(version, expires_on=form.data.get("expires_on"), comment=form.data.get("comment"))


def _in_a_year(today: date) -> date:
    """When approved words are looked at again, unless the reviewer says otherwise."""
    leap = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year + 1, day=28 if leap else today.day)


def _in_review(request: MemberRequest) -> QuerySet[TemplateVersion]:
    mine = TemplateVersion.objects.of(request.membership).filter(state=TemplateVersion.State.IN_REVIEW)
    return mine.select_related("template__in_force", "author__user").order_by("submitted_at", "pk")


def _version(request: MemberRequest, pk: int) -> TemplateVersion:
    return get_object_or_404(TemplateVersion.objects.of(request.membership).select_related("template"), pk=pk)
