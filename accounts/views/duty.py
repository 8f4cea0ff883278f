from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import Permission, requires
from accounts.forms import DutyForm
from accounts.models import Location
from accounts.team import duty
from accounts.web.posts import posted_from
from accounts.web.requests import MemberRequest


@requires(Permission.DUTY_SET)
@require_safe
def duty_list(request: MemberRequest) -> HttpResponse:
    places = [(place, _form(place)) for place in request.membership.visible_locations()]
    return render(request, "accounts/duty.html", {"places": places})


def _list_with(request: MemberRequest, pk: int) -> str:
    _place(request, pk)
    return reverse("accounts:duty")


@requires(Permission.DUTY_SET)
@posted_from(_list_with)
def duty_set(request: MemberRequest, pk: int) -> HttpResponse:
    place = _place(request, pk)
    form = _form(place, request.POST)
    if not form.is_valid():
        return render(request, "accounts/duty.html", {"places": [(place, form)]}, status=422)
    duty.put(place, form.cleaned_data["members"], by=request.membership, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("accounts:duty")


def _place(request: MemberRequest, pk: int) -> Location:
    return get_object_or_404(request.membership.visible_locations(), pk=pk)


def _form(place: Location, data: Any = None) -> forms.Form:
    return DutyForm(data, place=place, prefix=f"place-{place.pk}")
