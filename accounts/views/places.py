from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Permission, requires
from accounts.forms import LocationForm, OrganizationForm
from accounts.locations import places
from accounts.models import Location, Organization
from accounts.web.requests import MemberRequest


@requires(Permission.TEAM_MANAGE)
@require_GET
def locations(request: MemberRequest) -> HttpResponse:
    mine = Location.objects.filter(organization=request.membership.organization_id)
    return render(request, "accounts/locations.html", {"locations": mine})


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
    heading = Location.objects.filter(pk=place.pk).values_list("name", flat=True).first()
    return render(request, "accounts/location.html", {"form": form, "heading": heading}, status=422 if form.errors else 200)


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
