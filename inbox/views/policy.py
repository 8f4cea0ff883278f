from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Permission, requires
from accounts.web.requests import MemberRequest
from inbox.models import ResponsePolicy
from inbox.views.connected.forms import HOURS, PolicyForm
from inbox.waits import policies


@requires(Permission.TEAM_MANAGE)
@require_http_methods(["GET", "POST"])
def policy(request: MemberRequest) -> HttpResponse:
    """The target and its warnings. Saving makes a new version; what waits already keeps its own."""
    organization = request.membership.organization
    in_force = policies.in_force(organization.pk)
    warnings = [seconds // HOURS for seconds in in_force.warn_seconds]
    first = {"target_hours": in_force.target_seconds // HOURS, "first_warning": warnings[0], "second_warning": warnings[-1]}
    form = PolicyForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if form.has_changed():
            policies.create(
                organization,
                now=timezone.now(),
                within=timedelta(hours=data["target_hours"]),
                warnings=[timedelta(hours=data["first_warning"]), timedelta(hours=data["second_warning"])],
                name=f"{data['target_hours']} h",
                by=request.membership,
            )
            messages.success(request, _("Saved. It holds for what arrives from now on."))
        return redirect("inbox:policy")
    context = {"form": form, "versions": ResponsePolicy.objects.filter(organization=organization)[:20]}
    return render(request, "inbox/policy.html", context, status=422 if form.is_bound else 200)
