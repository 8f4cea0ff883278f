from django.contrib import messages
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


def _find(request: MemberRequest, pk: int) -> Location:
    return get_object_or_404(Location.objects.filter(organization=request.membership.organization_id), pk=pk)


def _home(request: MemberRequest, pk: int) -> str:
    return reverse("accounts:location", args=[_find(request, pk).pk]) + "#days"


@requires(Permission.TEAM_MANAGE)
@posted_from(_home)
def location_days(request: MemberRequest, pk: int) -> HttpResponse:
    """What the holidays of the coming year, and other single days, are like there."""
    place, now = _find(request, pk), timezone.now()
    form = days_form(place, now, request.POST)
    if not form.is_valid():
        return page(request, place, days=form, status=422)
    days.say(place, form.cleaned_data["said"], by=request.membership, now=now)
    messages.success(request, _("Saved."))
    return redirect(_home(request, pk))
