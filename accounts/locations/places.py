"""Changes of an organization and its locations, each with what it was before in the audit trail."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from accounts import audit
from accounts.models import Location, Membership, Organization

OF_ORGANIZATION = ("name", "kind", "language")
OF_LOCATION = (
    "name",
    "short_name",
    "time_zone",
    "phone",
    "province",
    "address",
    "booking_url",
    "hours_url",
    "private_url",
    "signature",
    "opening_hours",
)


@transaction.atomic
def save_organization(organization: Organization, *, by: Membership, now: datetime) -> None:
    _save(organization, OF_ORGANIZATION, organization_id=organization.pk, by=by, now=now)


@transaction.atomic
def save_location(location: Location, *, by: Membership, now: datetime) -> None:
    if location.pk:
        _save(location, OF_LOCATION, organization_id=location.organization_id, by=by, now=now)
        return
    Organization.objects.select_for_update(no_key=True).get(pk=location.organization_id)  # one slug at a time
    location.slug = _free_slug(location)
    location.save()
    after = {field: getattr(location, field) for field in OF_LOCATION if getattr(location, field)}
    audit.record("location.created", location, organization=location.organization_id, by=by, now=now, after=after)


def _save(row: Organization | Location, fields: tuple[str, ...], *, organization_id: int, by: Membership, now: datetime) -> None:
    was = type(row)._base_manager.select_for_update(no_key=True).filter(pk=row.pk).values(*fields).get()
    changed = [field for field in fields if getattr(row, field) != was[field]]
    if not changed:
        return
    row.save(update_fields=changed)
    before = {field: was[field] for field in changed}
    after = {field: getattr(row, field) for field in changed}
    action = f"{row._meta.model_name}.changed"
    audit.record(action, row, organization=organization_id, by=by, now=now, before=before, after=after)


def _free_slug(location: Location) -> str:
    base = slugify(location.short_name)[:40] or "location"
    taken = set(Location.objects.filter(organization=location.organization_id).values_list("slug", flat=True))
    return next(slug for number in range(1, len(taken) + 2) if (slug := f"{base}-{number}" if number > 1 else base) not in taken)
