"""The audit trail: written in the transaction of what it tells of, sealed into a chain by the clock."""

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from accounts.models import AuditEntry, AuditSeal, Membership, Organization

log = logging.getLogger(__name__)

FIRST = "0" * 64  # what the first seal of a chain follows
LATE = 10_000  # entries written after one whose transaction still runs: it is found, as long as there are no more of them


def record(
    action: str,
    subject: models.Model,
    *,
    organization: Organization | int,
    by: Membership | None,
    now: datetime,
    **detail: Any,
) -> AuditEntry:
    """Write one entry. Call it inside the transaction that makes the change: both stay or neither."""
    entry = told(action, subject, organization=organization, by=by, now=now, **detail)
    entry.save(force_insert=True)
    return entry


def told(
    action: str,
    subject: models.Model,
    *,
    organization: Organization | int,
    by: Membership | None,
    now: datetime,
    **detail: Any,
) -> AuditEntry:
    """The entry; not yet written."""
    entry = AuditEntry(
        organization_id=organization if isinstance(organization, int) else organization.pk,
        at=now,
        actor=by,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject=str(subject)[:200],
        detail=json.loads(json.dumps(detail, default=str)),
    )
    entry.digest = digest_of(entry)
    return entry


def digest_of(entry: AuditEntry) -> str:
    content = [
        entry.organization_id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.action,
        entry.subject_type,
        entry.subject_id,
        entry.subject,
        entry.detail,
    ]
    return _mac(json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":")))


def seal(*, whole: bool = False, limit: int = 5000) -> int:
    """Append what is not yet sealed to its organization's chain; return how many entries.

    whole: from the beginning of the trail, and not only from a little before the newest that is sealed.
    """
    newest = AuditSeal.objects.aggregate(newest=Max("entry_id"))["newest"] or 0
    after = 0 if whole else newest - LATE
    pending = _unsealed(after).values_list("organization_id", flat=True).distinct()
    return sum(_seal_organization(organization_id, after, limit) for organization_id in list(pending.order_by()))


def _unsealed(after: int) -> QuerySet[AuditEntry]:
    # Both sides begin there, so that what was sealed long ago is not read.
    sealed = AuditSeal.objects.filter(entry_id__gt=after, entry_id=OuterRef("pk"))
    return AuditEntry.objects.filter(~Exists(sealed), pk__gt=after)


def _seal_organization(organization_id: int, after: int, limit: int) -> int:
    """In pieces, to the end: what is left would soon lie too far back."""
    count = 0
    while piece := _seal_piece(organization_id, after, limit):
        count += piece
        if piece < limit:
            break
    return count


@transaction.atomic
def _seal_piece(organization_id: int, after: int, limit: int) -> int:
    with connection.cursor() as cursor:
        # One writer a chain; a second clock waits here and then finds nothing to do.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('audit'), %s)", [organization_id % 2**31])
    last = AuditSeal.objects.filter(organization=organization_id).order_by("-position").first()
    position, digest = (last.position, last.digest) if last else (0, FIRST)
    seals = []
    for entry in _unsealed(after).filter(organization=organization_id).order_by("pk")[:limit]:
        position += 1
        digest = _link(digest, position, entry)
        seals.append(AuditSeal(organization_id=organization_id, position=position, entry=entry, digest=digest))
    if not seals:
        return 0
    AuditSeal.objects.bulk_create(seals)
    # The log leaves this machine: a head in it is out of reach for whoever can change the database.
    log.info("audit head organization=%s position=%s digest=%s", organization_id, position, digest)
    return len(seals)


@dataclass(frozen=True, slots=True)
class Fault:
    organization_id: int
    position: int | None
    entry_id: int | None
    problem: str


def verify(organization_id: int) -> Iterator[Fault]:
    """Walk an organization's chain and yield what does not hold. Flat memory, whatever its length."""
    expected, digest = 1, FIRST
    seals = AuditSeal.objects.filter(organization=organization_id).order_by("position").select_related("entry")
    for place in seals.iterator(chunk_size=2000):
        if place.position != expected:
            yield Fault(organization_id, place.position, place.entry_id, f"position {expected} is missing")
        if digest_of(place.entry) != place.entry.digest:
            yield Fault(organization_id, place.position, place.entry_id, "the entry was altered")
        digest = _link(digest, place.position, place.entry)
        if digest != place.digest:
            yield Fault(organization_id, place.position, place.entry_id, "the chain does not join here")
            digest = place.digest
        expected = place.position + 1
    yield from _sealed_without_entry(organization_id)
    for entry in AuditEntry.objects.filter(organization=organization_id, seal=None).order_by("pk").iterator():
        if digest_of(entry) != entry.digest:
            yield Fault(organization_id, None, entry.pk, "the entry was altered")


def _sealed_without_entry(organization_id: int) -> Iterator[Fault]:
    # The walk joins each seal to its entry, so that a seal whose entry is gone would not be met at the end of the chain.
    entries = AuditEntry.objects.filter(pk=OuterRef("entry_id"))
    orphans = AuditSeal.objects.filter(~Exists(entries), organization=organization_id).order_by("position")
    for position, entry_id in orphans.values_list("position", "entry_id"):
        yield Fault(organization_id, position, entry_id, "the entry was deleted")


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain at some moment. Kept outside the database, it proves later that nothing was cut off."""

    position: int
    digest: str


def head(organization_id: int) -> Head:
    last = AuditSeal.objects.filter(organization=organization_id).order_by("-position").first()
    return Head(last.position, last.digest) if last else Head(0, FIRST)


def verify_against(organization_id: int, known: Head) -> Iterator[Fault]:
    """What a head that was kept elsewhere says about today's chain: it must still be in it."""
    if known.position == 0:
        return
    place = AuditSeal.objects.filter(organization=organization_id, position=known.position).first()
    if place is None:
        yield Fault(organization_id, known.position, None, "the chain was cut off before this known position")
    elif place.digest != known.digest:
        yield Fault(organization_id, known.position, place.entry_id, "the chain is not the one that was known here")


def _link(before: str, position: int, entry: AuditEntry) -> str:
    return _mac(f"{before}:{position}:{entry.pk}:{entry.digest}")


def _mac(content: str) -> str:
    return hmac.new(settings.AUDIT_KEY.encode(), content.encode(), hashlib.sha256).hexdigest()
