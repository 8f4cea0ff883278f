from datetime import datetime

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Permission, requires
from accounts.forms import LocationForm, OrganizationForm
from accounts.locations import days, places
from accounts.locations.days_form import DaysForm
from accounts.models import Location, Organization
from accounts.web.requests import MemberRequest


@requires(Permission.TEAM_MANAGE)
@require_GET
def locations(request: MemberRequest) -> HttpResponse:
    mine = Location.objects.filter(organization=request.membership.organization_id)
    to_confirm = days.soon_to_confirm(mine, timezone.now())
    return render(request, "accounts/locations.html", {"locations": [(place, to_confirm.get(place.pk)) for place in mine]})


@requires(Permission.TEAM_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def location(request: MemberRequest, pk: int) -> HttpResponse:
    mine = Location.objects.filter(organization=request.membership.organization_id)
    return _edit(request, get_object_or_404(mine, pk=pk))


@requires(Permission.TEAM_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def location_new(request: MemberRequest) -> HttpResponse:
    return _edit(request, Location(organization=request.membership.organization))


def _edit(request: MemberRequest, place: Location) -> HttpResponse:
    form = LocationForm(request.POST or None, instance=place)
    if request.method == "POST" and form.is_valid():
        places.save_location(form.instance, by=request.membership, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("accounts:locations")
    return page(request, place, form=form, status=422 if form.errors else 200)


def page(request: MemberRequest, place: Location, *, status: int, **forms: BaseForm) -> HttpResponse:
    """A location, with what may be changed of it; a form given here is shown as it was sent."""
    kept = Location.objects.filter(pk=place.pk).first()  # as it stands, whatever a form says
    drawn = {"form": LocationForm(instance=place), "days": days_form(kept, timezone.now()) if kept else None}
    return render(request, "accounts/location.html", {"kept": kept} | drawn | forms, status=status)


def days_form(place: Location, now: datetime, data: QueryDict | None = None) -> DaysForm:
    return DaysForm(data, place=place, today=now.astimezone(place.zone).date())


@requires(Permission.TEAM_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def organization(request: MemberRequest) -> HttpResponse:
    # A row of its own: a form that does not hold must not change the name in the page's frame.
    form = OrganizationForm(request.POST or None, instance=Organization.objects.get(pk=request.membership.organization_id))
    if request.method == "POST" and form.is_valid():
        places.save_organization(form.instance, by=request.membership, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("accounts:organization")
    return render(request, "accounts/organization.html", {"form": form}, status=422 if form.errors else 200)
