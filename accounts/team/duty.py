"""Which pharmacists are on duty at a location: the first to be told when somebody may be in danger."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.access import Role
from accounts.models import Duty, Location, Membership


def pharmacists(location: Location) -> QuerySet[Membership]:
    """Those who may be put on duty there."""
    members = Membership.objects.active().filter(organization=location.organization_id, role=Role.PHARMACIST)
    return members.who_see(location.pk).select_related("user")


@transaction.atomic
def put(location: Location, members: Iterable[Membership], *, by: Membership, now: datetime) -> None:
    """These, and nobody else, are on duty at a location from now on."""
    Location.objects.select_for_update(no_key=True).get(pk=location.pk)  # two who decide at once: one after the other
    before = _names(location)
    location.duties.exclude(membership__in=members).delete()
    Duty.objects.bulk_create([Duty(location=location, membership=member, since=now) for member in members], ignore_conflicts=True)
    after = _names(location)
    if before != after:
        audit.record("duty.changed", location, organization=location.organization_id, by=by, now=now, before=before, after=after)


@transaction.atomic
def release(member: Membership, *, by: Membership, now: datetime) -> None:
    """End the duties of somebody who may not be put on them any more: another role, other locations, or gone."""
    held = Location.objects.filter(pk__in=member.duties.values("location")).order_by("pk")
    for location in held.select_for_update(no_key=True):
        if not pharmacists(location).filter(pk=member.pk).exists():
            others = Membership.objects.filter(duties__location=location).exclude(pk=member.pk)
            put(location, list(others), by=by, now=now)


def _names(location: Location) -> list[str]:
    return [
        str(duty.membership) for duty in location.duties.select_related("membership__user").order_by("membership__user__name")
    ]
