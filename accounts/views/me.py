from typing import cast

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views import i18n
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import public, signed_in
from accounts.forms import PreferencesForm
from accounts.models import Membership, User
from accounts.team import people
from accounts.web.middleware import SESSION_KEY
from accounts.web.requests import MemberRequest


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: MemberRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        people.prefer(request.user, by=request.membership or None, now=timezone.now(), **form.cleaned_data)
        with translation.override(request.user.language):
            messages.success(request, _("Saved."))
        return redirect("accounts:me")
    mine = Membership.objects.active().filter(user=request.user).select_related("organization")
    context = {"form": form, "memberships": mine, "totp": is_mfa_enabled(request.user)}
    return render(request, "accounts/me.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def switch(request: MemberRequest) -> HttpResponse:
    """Work in another of one's organizations."""
    chosen = request.POST.get("membership", "")
    mine = Membership.objects.active().filter(user=request.user)
    member = get_object_or_404(mine, pk=int(chosen) if chosen.isdecimal() else 0)
    request.session[SESSION_KEY] = member.pk
    return redirect("home")


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the choice in the cookie, and for somebody signed in with the person."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        member = cast(MemberRequest, request).membership or None
        people.prefer(request.user, by=member, now=timezone.now(), language=language)
    return i18n.set_language(request)
