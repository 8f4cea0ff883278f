"""The promise of an organization: target and warnings, in versions that are never changed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.models import Membership, Organization
from inbox.models import ResponsePolicy


def create(
    organization: Organization,
    *,
    now: datetime,
    within: timedelta = settings.REPLY_TARGET,
    warnings: Iterable[timedelta] = settings.WARN_BEFORE,
    name: str = "24\u00a0h",  # a no-break space
    by: Membership | None = None,
) -> ResponsePolicy:
    """A new version for waits that start from now on; running waits keep the one they began with."""
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        last = ResponsePolicy.objects.filter(organization=organization).order_by("-version").first()
        policy = ResponsePolicy.objects.create(
            organization=organization,
            version=last.version + 1 if last else 1,
            name=name,
            target_seconds=int(within.total_seconds()),
            warn_seconds=sorted((int(warning.total_seconds()) for warning in warnings), reverse=True),
            created_at=now,
        )
        before = {"target_seconds": last.target_seconds, "warn_seconds": last.warn_seconds} if last else None
        after = {"target_seconds": policy.target_seconds, "warn_seconds": policy.warn_seconds}
        audit.record("policy.created", policy, organization=organization, by=by, now=now, before=before, after=after)
    return policy


def in_force(organization_id: int) -> ResponsePolicy:
    return ResponsePolicy.objects.filter(organization=organization_id).order_by("-version")[0]


def in_force_of(organization_ids: Iterable[int]) -> dict[int, ResponsePolicy]:
    """The same of many at once."""
    newest = ResponsePolicy.objects.filter(organization__in=organization_ids).order_by("organization_id", "-version")
    return {policy.organization_id: policy for policy in newest.distinct("organization_id")}
