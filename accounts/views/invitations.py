import logging
from smtplib import SMTPException

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, public, requires
from accounts.forms import InviteForm, JoinForm
from accounts.models import Invitation, User
from accounts.team import invitations
from accounts.web.middleware import SESSION_KEY
from accounts.web.requests import MemberRequest

log = logging.getLogger(__name__)
BACKEND = settings.AUTHENTICATION_BACKENDS[0]


@requires(Permission.TEAM_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: MemberRequest) -> HttpResponse:
    form = InviteForm(request.POST or None, organization=request.membership.organization)
    if request.method != "POST":
        return render(request, "accounts/invite.html", {"form": form})
    if not form.is_valid():
        return render(request, "accounts/invite.html", {"form": form}, status=422)
    organization = request.membership.organization
    invitation, token = invitations.invite(organization, **form.cleaned_data, by=request.membership, now=timezone.now())
    link = settings.PUBLIC_URL + reverse("accounts:invitation", args=[token])
    # Shown in this answer only: nothing keeps the token, so it cannot be shown again.
    return render(request, "accounts/invited.html", {"invitation": invitation, "link": link, "mailed": _mailed(invitation, link)})


def _mailed(invitation: Invitation, link: str) -> bool:
    try:
        invitations.mail(invitation, link)
    except (SMTPException, OSError) as problem:
        log.warning("the invitation was not mailed: %s", type(problem).__name__)  # its own words name the address
        return False
    return True


@requires(Permission.TEAM_MANAGE)
@require_POST
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    mine = Invitation.objects.filter(organization=request.membership.organization_id)
    invitation = get_object_or_404(mine, pk=pk)
    try:
        invitations.withdraw(invitation, by=request.membership, now=timezone.now())
    except invitations.NotOpen:
        messages.error(request, _("This invitation was already used or withdrawn."))
    else:
        messages.success(request, _("Withdrawn: the link no longer works."))
    return redirect("accounts:people")


@public
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link: a new person chooses a password, a known one signs in and says yes."""
    if not ratelimit.consume(request, action="signup"):
        return ratelimit.respond_429(request)
    try:
        invitation = invitations.find(token, now=timezone.now())
        return _accept(request, invitation)
    except invitations.NotOpen:
        return render(request, "accounts/invitation_closed.html", status=404)
    except invitations.NotYours:
        return render(request, "accounts/invitation_of_another.html", {"next": request.path}, status=403)


def _accept(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if request.user.is_authenticated:
        if request.user.email.lower() != invitation.email.lower():
            raise invitations.NotYours
        return _accept_as_known(request, invitation, request.user)
    if User.objects.filter(email__iexact=invitation.email).exists():
        login_page = f"{reverse('account_login')}?next={request.path}"
        return render(request, "accounts/invitation_sign_in.html", {"invitation": invitation, "login_page": login_page})
    return _accept_as_new(request, invitation)


def _accept_as_known(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/invitation_yes.html", {"invitation": invitation})
    member = invitations.accept(invitation, user=user, now=timezone.now())
    request.session[SESSION_KEY] = member.pk
    return redirect("home")


def _accept_as_new(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None, initial={"name": invitation.name}, email=invitation.email)
    if request.method != "POST" or not form.is_valid():
        context = {"invitation": invitation, "form": form}
        return render(request, "accounts/invitation.html", context, status=422 if form.errors else 200)
    member = invitations.accept_as_new(
        invitation,
        name=form.cleaned_data["name"],
        password=form.cleaned_data["password"],
        language=get_language() or settings.LANGUAGE_CODE,
        now=timezone.now(),
    )
    login(request, member.user, backend=BACKEND)
    request.session[SESSION_KEY] = member.pk
    return redirect("home")
