"""What each role may do: one table, shown in docs/access.md and tested cell by cell."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    STAFF = "staff", _("Staff")
    PHARMACIST = "pharmacist", _("Pharmacist")
    MANAGER = "manager", _("Manager")
    COMPLIANCE = "compliance", _("Compliance officer")
    PRIVACY = "privacy", _("Privacy officer")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Administrator")


class Permission(StrEnum):
    INBOX_VIEW = "inbox.view"
    INBOX_IDENTIFIERS = "inbox.identifiers"  # read, one message at a time, what is masked for everybody
    INBOX_HAND_ON = "inbox.hand_on"  # be given a conversation, give it on, note
    INBOX_WORK = "inbox.work"  # close, reopen, hide, like
    INBOX_EXCLUDE = "inbox.exclude"  # take a wait out of the figures, or put it back
    FINDINGS_SAFETY = "findings.safety"  # remove a crisis, an adverse event, a defect that triage saw; or put it back
    FINDINGS_PRIVACY = "findings.privacy"  # the same of what points to a person
    FINDINGS_ROUTES = "findings.routes"  # the same of what is somebody else's work; and add anything that triage missed
    FINDINGS_REVIEW = "findings.review"  # what was removed, by whom and why
    REPLY = "reply.template"  # answer with approved words
    REPLY_FREELY = "reply.free"  # answer in one's own words
    ADVISE = "reply.advise"  # in private: start, stop or change a treatment, say what it may be
    PRIVACY_HANDLE = "privacy.handle"  # requests and incidents of privacy: told of each
    ADVERTISING_HANDLE = "advertising.handle"  # complaints about an advertisement: told of each
    REPLY_RESERVED = "reply.reserved"  # to the media, and to who threatens with the law
    CRISIS_TAKE = "crisis.take"  # answer by name for somebody in danger
    DUTY_SET = "duty.set"  # say which pharmacist is on duty
    TEMPLATES_VIEW = "templates.view"
    TEMPLATES_DRAFT = "templates.draft"
    TEMPLATES_DECIDE = "templates.decide"  # approve, request changes, withdraw
    TOPICS_MANAGE = "topics.manage"  # the organization's own topics and products: what triage looks for
    MISSES_VIEW = "misses.view"
    MISSES_REVIEW = "misses.review"  # cause, note, sign-off
    REPORTS_VIEW = "reports.view"
    CHANNELS_VIEW = "channels.view"  # how each page does, and being told when one does not
    CHANNELS_MANAGE = "channels.manage"
    TEAM_MANAGE = "team.manage"  # people, locations, policy
    AUDIT_VIEW = "audit.view"


P, R = Permission, Role
_DESK = {P.INBOX_VIEW, P.INBOX_HAND_ON, P.INBOX_WORK, P.FINDINGS_ROUTES, P.REPLY, P.TEMPLATES_VIEW, P.TEMPLATES_DRAFT}

ROLES: dict[Role, frozenset[Permission]] = {
    R.STAFF: frozenset(_DESK),
    R.PHARMACIST: frozenset(
        _DESK
        | {P.INBOX_IDENTIFIERS, P.REPLY_FREELY, P.ADVISE, P.INBOX_EXCLUDE, P.CRISIS_TAKE, P.DUTY_SET}
        | {P.FINDINGS_SAFETY, P.FINDINGS_PRIVACY}
    ),
    R.MANAGER: frozenset(
        _DESK
        | {P.INBOX_IDENTIFIERS, P.INBOX_EXCLUDE, P.REPLY_RESERVED, P.CRISIS_TAKE, P.DUTY_SET, P.FINDINGS_PRIVACY}
        | {P.FINDINGS_REVIEW, P.MISSES_VIEW, P.MISSES_REVIEW, P.REPORTS_VIEW, P.CHANNELS_VIEW}
    ),
    R.COMPLIANCE: frozenset(
        {P.INBOX_VIEW, P.INBOX_IDENTIFIERS, P.INBOX_HAND_ON, P.ADVERTISING_HANDLE}
        | {P.FINDINGS_SAFETY, P.FINDINGS_PRIVACY, P.FINDINGS_ROUTES, P.FINDINGS_REVIEW}
        | {P.TEMPLATES_VIEW, P.TEMPLATES_DRAFT, P.TEMPLATES_DECIDE, P.TOPICS_MANAGE}
        | {P.MISSES_VIEW, P.REPORTS_VIEW, P.AUDIT_VIEW}
    ),
    R.PRIVACY: frozenset(
        {P.INBOX_VIEW, P.INBOX_IDENTIFIERS, P.INBOX_HAND_ON, P.PRIVACY_HANDLE}
        | {P.FINDINGS_PRIVACY, P.FINDINGS_ROUTES, P.FINDINGS_REVIEW}
        | {P.TEMPLATES_VIEW, P.AUDIT_VIEW}
    ),
    R.AUDITOR: frozenset({P.INBOX_VIEW, P.FINDINGS_REVIEW, P.TEMPLATES_VIEW, P.MISSES_VIEW, P.REPORTS_VIEW, P.AUDIT_VIEW}),
    R.ADMIN: frozenset(
        {
            P.TEMPLATES_VIEW,
            P.CHANNELS_VIEW,
            P.CHANNELS_MANAGE,
            P.TEAM_MANAGE,
            P.TOPICS_MANAGE,
            P.DUTY_SET,
            P.AUDIT_VIEW,
            P.REPORTS_VIEW,
            P.INBOX_VIEW,
        }
    ),
}


def permissions_of(role: Role) -> frozenset[Permission]:
    return ROLES[role]


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def requires(permission: Permission) -> Callable[[View], View]:
    """Let a view be used only by members who hold the permission. The view carries it, so that a test can ask.

    It tells times as they are where the member works, unless it shows one place: see `accounts.locations.dates`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            membership = getattr(request, "membership", None)
            if not membership or not membership.may(permission):  # lazy: truth, not identity, asks it
                raise PermissionDenied
            with timezone.override(membership.zone):
                return view(request, *args, **kwargs)

        guarded.access = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def public(view: View) -> View:
    """For everybody, signed in or not: webhooks, sign-in, health."""
    view = login_not_required(view)
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """For every member, whatever the role: their own settings."""
    view.access = "signed_in"  # type: ignore[attr-defined]
    return view
