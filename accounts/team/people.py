"""What changes about a member. An organization always keeps an administrator, and nobody shuts themselves out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.access import Role
from accounts.models import Location, Membership, Organization, User
from accounts.team import duty


class LastAdministrator(Exception):
    """Without this person nobody could manage the organization."""


class Oneself(Exception):
    """Somebody else has to do this."""


@transaction.atomic
def change(
    member: Membership, *, role: str, all_locations: bool, locations: Iterable[Location], by: Membership, now: datetime
) -> None:
    """Raises LastAdministrator, or Oneself when the role is one's own."""
    member = _locked(member)
    if role != member.role:
        if member.pk == by.pk:
            raise Oneself
        _keep_an_administrator(member)
    before = _terms(member)
    member.role, member.all_locations = role, all_locations
    member.save(update_fields=["role", "all_locations"])
    member.locations.set([] if all_locations else locations)
    after = _terms(member)
    if after != before:
        audit.record("member.changed", member, organization=member.organization_id, by=by, now=now, before=before, after=after)
    duty.release(member, by=by, now=now)


@transaction.atomic
def end(member: Membership, *, by: Membership, now: datetime) -> None:
    """From the next request on the person sees nothing. Raises LastAdministrator or Oneself."""
    member = _locked(member)
    if member.pk == by.pk:
        raise Oneself
    if member.ended_at:
        return
    _keep_an_administrator(member)
    member.ended_at = now
    member.save(update_fields=["ended_at"])
    audit.record("member.ended", member, organization=member.organization_id, by=by, now=now, before={"role": member.role})
    duty.release(member, by=by, now=now)


PREFERENCES = ("name", "phone", "language", "shortcuts", "theme")


@transaction.atomic
def prefer(user: User, *, by: Membership | None, now: datetime, **chosen: Any) -> None:
    """Keep a person's own settings; told in the trail of the organization they work in, if any."""
    before = User.objects.filter(pk=user.pk).values(*PREFERENCES).get()
    changed = {field: value for field, value in chosen.items() if before[field] != value}
    if not changed:
        return
    for field, value in changed.items():
        setattr(user, field, value)
    user.save(update_fields=list(changed))
    if by:
        was = {field: before[field] for field in changed}
        audit.record("user.changed", user, organization=by.organization_id, by=by, now=now, before=was, after=changed)


def tell_of_sign_in(user: User, action: str, *, now: datetime) -> None:
    """In the trail of each organization they belong to: how a member signs in concerns all of them."""
    for member in Membership.objects.active().filter(user=user):
        audit.record(action, user, organization=member.organization_id, by=member, now=now)


def _locked(member: Membership) -> Membership:
    # One change of the team at a time in an organization: two administrators who end each other must not both succeed.
    Organization.objects.select_for_update(no_key=True).get(pk=member.organization_id)
    return Membership.objects.select_related("user").get(pk=member.pk)


def _keep_an_administrator(member: Membership) -> None:
    others = Membership.objects.active().filter(organization=member.organization_id, role=Role.ADMIN).exclude(pk=member.pk)
    if member.role == Role.ADMIN and member.ended_at is None and not others.exists():
        raise LastAdministrator


def _terms(member: Membership) -> dict[str, Any]:
    slugs = member.locations.order_by("slug").values_list("slug", flat=True)
    return {"role": member.role, "locations": "all" if member.all_locations else list(slugs)}
