from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Permission, requires
from accounts.locations import days
from accounts.models import Location
from accounts.views.places import days_form, page
from accounts.web.posts import posted_from
from accounts.web.requests import MemberRequest


def _mine(request: MemberRequest) -> QuerySet[Location]:
    return Location.objects.filter(organization=request.membership.organization_id)


def _home(request: MemberRequest, pk: int) -> str:
    return reverse("accounts:location", args=[get_object_or_404(_mine(request), pk=pk).pk]) + "#days"


@requires(Permission.TEAM_MANAGE)
@posted_from(_home)
@transaction.atomic
def location_days(request: MemberRequest, pk: int) -> HttpResponse:
    """What the holidays of the coming year, and other single days, are like there."""
    # Two who save at once: one after the other, so that the second one is told of what the first one said.
    place, now = get_object_or_404(_mine(request).select_for_update(no_key=True), pk=pk), timezone.now()
    form = days_form(place, now, request.POST)
    if not form.is_valid():
        return page(request, place, days=form, status=422)
    days.say(place, form.cleaned_data["said"], by=request.membership, now=now)
    messages.success(request, _("Saved."))
    return redirect(_home(request, pk))
