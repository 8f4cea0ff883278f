"""How people come: one link for one address, good once, for a week. Only the link's digest is kept."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from accounts import audit
from accounts.models import Invitation, Location, Membership, Organization, User
from accounts.team import duty


class NotOpen(Exception):
    """The invitation was used, withdrawn, or is too old."""


class NotYours(Exception):
    """The invitation is for another address."""


@transaction.atomic
def invite(
    organization: Organization,
    *,
    email: str,
    name: str,
    role: str,
    all_locations: bool,
    locations: Iterable[Location],
    by: Membership,
    now: datetime,
) -> tuple[Invitation, str]:
    """Return the invitation and its token, which is known nowhere else. An open one for the same address is withdrawn."""
    email = User.objects.normalize_email(email).lower()
    for older in pending(organization, now=now).select_for_update().filter(email=email):
        withdraw(older, by=by, now=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organization=organization,
        email=email,
        name=name,
        role=role,
        all_locations=all_locations,
        digest=digest_of(token),
        invited_by=by,
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )
    places = [] if all_locations else list(locations)
    invitation.locations.set(places)
    places_named = "all" if all_locations else [place.slug for place in places]
    audit.record(
        "invitation.sent", invitation, organization=organization, by=by, now=now, after={"role": role, "locations": places_named}
    )
    return invitation, token


def pending(organization: Organization, *, now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(organization=organization, accepted_at=None, withdrawn_at=None, expires_at__gt=now)


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Membership, now: datetime) -> None:
    changed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
    if not changed:
        raise NotOpen
    audit.record("invitation.withdrawn", invitation, organization=invitation.organization_id, by=by, now=now)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find(token: str, *, now: datetime) -> Invitation:
    """The open invitation of a link. Raises NotOpen, whatever the reason, so that a guess learns nothing."""
    invitation = Invitation.objects.select_related("organization", "invited_by__user").filter(digest=digest_of(token)).first()
    if invitation is None or not invitation.is_open(now):
        raise NotOpen
    return invitation


@transaction.atomic
def accept(invitation: Invitation, *, user: User, now: datetime) -> Membership:
    """Make the person a member. Raises NotOpen or NotYours; of two clicks at once, the second finds it used."""
    if user.email.lower() != invitation.email.lower():
        raise NotYours
    still_open = pending(invitation.organization, now=now).filter(pk=invitation.pk)
    if not still_open.update(accepted_at=now):
        raise NotOpen
    terms = {"role": invitation.role, "all_locations": invitation.all_locations, "ended_at": None}
    member, _new = Membership.objects.update_or_create(user=user, organization=invitation.organization, defaults=terms)
    member.locations.set(invitation.locations.all())
    duty.release(member, by=member, now=now)
    audit.record(
        "member.joined", member, organization=invitation.organization_id, by=member, now=now, after={"role": member.role}
    )
    return member


@transaction.atomic
def accept_as_new(invitation: Invitation, *, name: str, password: str, language: str, now: datetime) -> Membership:
    """Make the user too. The link came by mail, so the address is theirs."""
    # Locked first: of two clicks at once, the second must find the invitation used rather than the address taken.
    if not Invitation.objects.select_for_update().get(pk=invitation.pk).is_open(now):
        raise NotOpen
    user = User.objects.create_user(invitation.email, password, name=name, language=language)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return accept(invitation, user=user, now=now)


def mail(invitation: Invitation, link: str) -> None:
    """Send the link in the organization's language. Raises OSError when the mail server refuses."""
    language = "en" if invitation.organization.language == "en" else "fr-ca"
    with translation.override(language):
        context = {"invitation": invitation, "link": link}
        subject = " ".join(render_to_string("accounts/email/invitation_subject.txt", context).split())
        message = render_to_string("accounts/email/invitation_message.txt", context)
    EmailMessage(subject, message, to=[invitation.email]).send()
