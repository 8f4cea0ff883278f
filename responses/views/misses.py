"""What was late, why, and who has accounted for it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.access import Permission, requires
from accounts.locations.dates import bounds, tell_as_in, today_of
from accounts.models import AuditEntry, Membership
from accounts.web import spreadsheets
from accounts.web.posts import posted_from
from accounts.web.requests import MemberRequest
from inbox.models import Wait
from responses.forms import MissFilter, PeriodForm, ReopenForm, ReviewForm
from responses.measuring import misses, outages
from responses.measuring.outages import Outage
from responses.models import MissReview

PAGE = 50
CHUNK = 2000


@requires(Permission.MISSES_VIEW)
@require_GET
def miss_list(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    form = MissFilter(request.GET, membership=request.membership)
    period = form.period(today_of(request.membership, now))
    found = _asked_for(request, form, now)
    rows = list(_after(found, request.GET.get("after", ""))[: PAGE + 1])
    kept = request.GET.copy()
    kept.pop("after", None)
    context = {
        "form": form,
        "period": period,
        "presets": PeriodForm.PRESETS,
        "rows": rows[:PAGE],
        "next": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "counts": _asked_for(request, form, now, ignore_review=True).aggregate(
            all=Count("pk"), unsigned=Count("pk", filter=Q(review__signed_at=None)), waiting=Count("pk", filter=Q(ended_at=None))
        ),
        "query": kept.urlencode(),
        "outages": outages.of(request.membership, period, now=now),
        "meanwhile": outages.meanwhile(rows[:PAGE], request.membership, now=now),
        "now": now,
    }
    return render(request, "responses/misses.html", context, status=422 if form.errors else 200)


@requires(Permission.MISSES_VIEW)
@require_GET
def miss_export(request: MemberRequest) -> StreamingHttpResponse:
    now = timezone.now()
    form = MissFilter(request.GET, membership=request.membership)
    found = _asked_for(request, form, now).iterator(chunk_size=CHUNK)
    headers = [
        _("Wait"),
        _("Conversation"),
        _("Location"),
        _("Platform"),
        _("Time zone"),
        _("Waiting since"),
        _("Heard of"),
        _("Due"),
        _("Answered"),
        _("Late by (minutes)"),
        _("Outages meanwhile"),
        _("Cause"),
        _("Note"),
        _("Reviewed by"),
        _("Signed off by"),
        _("Signed off"),
    ]
    kind = pgettext("name of a file", "misses")
    name = f"{kind}-{request.membership.organization.slug}"
    return spreadsheets.respond(name, headers, _lines(found, request.membership, now))


def _lines(waits: Iterator[Wait], member: Membership, now: datetime) -> Iterator[Sequence[Any]]:
    while some := list(islice(waits, CHUNK)):
        meanwhile = outages.meanwhile(some, member, now=now)
        for wait in some:
            yield _line(wait, meanwhile[wait.pk], now)


def _line(wait: Wait, meanwhile: list[Outage], now: datetime) -> Sequence[Any]:
    place, review = wait.conversation.location, getattr(wait, "review", None)
    zone = place.zone
    times = [spreadsheets.moment(at, zone) for at in (wait.started_at, wait.heard_at, wait.due_at, wait.ended_at)]
    return [
        wait.pk,
        wait.conversation_id,
        place.name,
        wait.conversation.get_platform_display(),
        place.time_zone,
        *times,
        int(misses.late_by(wait, now).total_seconds()) // 60,
        "; ".join(outage.what for outage in meanwhile),
        *_of_review(review, zone),
    ]


def _of_review(review: MissReview | None, zone: ZoneInfo) -> list[Any]:
    if review is None:
        return ["", "", "", "", ""]
    signed = spreadsheets.moment(review.signed_at, zone) if review.signed_at else ""
    return [review.get_cause_display(), review.note, review.updated_by, review.signed_by, signed]


def _asked_for(request: MemberRequest, form: MissFilter, now: datetime, *, ignore_review: bool = False) -> QuerySet[Wait]:
    period = form.period(today_of(request.membership, now))
    since, until = bounds(period.first, period.last, request.membership.zone)
    found = misses.missed(_visible(request), now=now).filter(due_at__gte=since, due_at__lt=until)
    asked = form.cleaned_data if form.is_valid() else {}
    if asked.get("location"):
        found = found.filter(conversation__location=asked["location"])
    if asked.get("review") and not ignore_review:
        found = misses.unsigned(found) if asked["review"] == "unsigned" else found.filter(review__signed_at__isnull=False)
    return found.order_by("-due_at", "-pk")


def _after(found: QuerySet[Wait], last: str) -> QuerySet[Wait]:
    if not last.isdecimal() or len(last) > 18 or (anchor := found.filter(pk=int(last)).first()) is None:
        return found
    return found.filter(Q(due_at__lt=anchor.due_at) | Q(pk__lt=anchor.pk), due_at__lte=anchor.due_at)


def _visible(request: MemberRequest) -> QuerySet[Wait]:
    waits = Wait.objects.visible_to(request.membership)
    return waits.select_related(
        "conversation__contact",
        "conversation__location",
        "conversation__assignee__user",
        "review__updated_by__user",
        "review__signed_by__user",
    )


# --- one miss -------------------------------------------------------------------------------------------


@requires(Permission.MISSES_VIEW)
@require_GET
def miss(request: MemberRequest, pk: int) -> HttpResponse:
    return _show(request, _miss(request, pk))


def _page_of(request: MemberRequest, pk: int) -> str:
    return reverse("responses:miss", args=[_miss(request, pk).pk])


@requires(Permission.MISSES_REVIEW)
@posted_from(_page_of)
def miss_review(request: MemberRequest, pk: int) -> HttpResponse:
    wait, form = _miss(request, pk), ReviewForm(request.POST)
    if not form.is_valid():
        return _show(request, wait, form=form, status=422)
    signs = "sign" in request.POST
    act = misses.sign if signs else misses.review
    try:
        act(wait, by=request.membership, now=timezone.now(), **form.cleaned_data)
    except ValidationError as problems:
        form.add_error(None, problems)
        return _show(request, wait, form=form, status=422)
    except misses.Conflict as conflict:
        return _show(request, _miss(request, pk), form=form, conflict=str(conflict), status=409)
    messages.success(request, _("Signed off.") if signs else _("Saved."))
    return redirect("responses:miss", wait.pk)


@requires(Permission.MISSES_REVIEW)
@posted_from(_page_of)
def miss_reopen(request: MemberRequest, pk: int) -> HttpResponse:
    wait, form = _miss(request, pk), ReopenForm(request.POST)
    try:
        misses.reopen(wait, by=request.membership, now=timezone.now(), seen=form.data.get("seen", ""))
    except misses.Conflict as conflict:
        return _show(request, _miss(request, pk), conflict=str(conflict), status=409)
    messages.success(request, _("Reopened."))
    return redirect("responses:miss", wait.pk)


def _miss(request: MemberRequest, pk: int) -> Wait:
    """A wait that is a miss, or one that was when it was reviewed."""
    missed = misses.missed(_visible(request), now=timezone.now())
    wait = get_object_or_404(missed | _visible(request).filter(review__isnull=False), pk=pk)
    tell_as_in(wait.conversation.location)
    return wait


def _show(
    request: MemberRequest, wait: Wait, *, form: ReviewForm | None = None, conflict: str = "", status: int = 200
) -> HttpResponse:
    now, review = timezone.now(), getattr(wait, "review", None)
    stamp = misses.stamp(review)
    initial = {"cause": review.cause if review else "", "note": review.note if review else "", "seen": stamp}
    if form is None:
        form = ReviewForm(initial=initial)
    elif conflict:
        # What was typed stays, under the stamp of what is shown now: kept again, it is kept knowingly.
        form = ReviewForm(initial={"cause": form.data.get("cause", ""), "note": form.data.get("note", ""), "seen": stamp})
    context = {
        "wait": wait,
        "review": review,
        "form": form,
        "reopen": ReopenForm(initial={"seen": stamp}, auto_id=False),
        "late_by": misses.late_by(wait, now),
        "outages": outages.meanwhile([wait], request.membership, now=now)[wait.pk],
        "trail": _trail(request, review),
        "conflict": conflict,
        "now": now,
    }
    return render(request, "responses/miss.html", context, status=status)


def _trail(request: MemberRequest, review: MissReview | None) -> QuerySet[AuditEntry] | list[AuditEntry]:
    if review is None:
        return []
    mine = AuditEntry.objects.filter(organization=request.membership.organization_id, subject_type=MissReview._meta.label_lower)
    return mine.filter(subject_id=review.pk).select_related("actor__user").order_by("pk")
