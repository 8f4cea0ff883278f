from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Permission, requires
from accounts.forms import TermsForm
from accounts.models import Membership
from accounts.models.people import locations_named
from accounts.team import invitations, people
from accounts.web.requests import MemberRequest


@requires(Permission.TEAM_MANAGE)
@require_GET
def people_list(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    organization = request.membership.organization
    totp = Authenticator.objects.filter(user=OuterRef("user"), type=Authenticator.Type.TOTP)
    members = Membership.objects.filter(organization=organization).select_related("user").annotate(totp=Exists(totp))
    current = list(members.filter(ended_at=None))
    context = {
        "people": current,
        "former": members.exclude(ended_at=None).order_by("-ended_at"),
        "named": locations_named(current),
        "invitations": invitations.pending(organization, now=now).select_related("invited_by__user"),
    }
    return render(request, "accounts/people.html", context)


@requires(Permission.TEAM_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: MemberRequest, pk: int) -> HttpResponse:
    member = _member_of(request, pk, ended_at=None)
    initial = {"role": member.role, "all_locations": member.all_locations, "locations": member.locations.all()}
    form = TermsForm(request.POST or None, initial=initial, organization=request.membership.organization)
    if request.method == "POST" and form.is_valid():
        try:
            people.change(member, **form.cleaned_data, by=request.membership, now=timezone.now())
        except people.LastAdministrator:
            form.add_error("role", _("This is the last administrator. Make somebody else one first."))
        except people.Oneself:
            form.add_error("role", _("Another administrator has to change your role."))
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:people")
    context = {"member": member, "form": form, "oneself": member.pk == request.membership.pk}
    return render(request, "accounts/person.html", context, status=422 if form.errors else 200)


@requires(Permission.TEAM_MANAGE)
@require_POST
def end(request: MemberRequest, pk: int) -> HttpResponse:
    member = _member_of(request, pk)
    try:
        people.end(member, by=request.membership, now=timezone.now())
    except people.LastAdministrator:
        messages.error(request, _("This is the last administrator. Make somebody else one first."))
    except people.Oneself:
        messages.error(request, _("Another administrator has to end your access."))
    else:
        messages.success(request, _("%(name)s no longer has access.") % {"name": member})
    return redirect("accounts:people")


def _member_of(request: MemberRequest, pk: int, **only: None) -> Membership:
    mine = Membership.objects.filter(organization=request.membership.organization_id, **only)
    return get_object_or_404(mine.select_related("user"), pk=pk)
