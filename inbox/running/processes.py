"""Whether Comptoir itself runs: each part leaves its mark, and whoever lives tells of one that stands still."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction

from inbox.channels import telling
from inbox.models import Pulse, Trouble
from inbox.news import mails
from inbox.running import bulkheads

Part = Pulse.Part
EVERY = timedelta(seconds=20)  # so often each leaves its mark, and looks for those of the others
BORN = monotonic()  # this process
KINDS = {Part.CLOCK: Trouble.Kind.DOWN, Part.SENDER: Trouble.Kind.NO_SENDER, Part.WORKER: Trouble.Kind.NO_WORKER}


def tend(part: Part, *, now: datetime) -> None:
    """What each of them does every so often."""
    mark(part, now=now)
    watch(part, now=now)
    if part != Part.CLOCK and Pulse.objects.stale(now).filter(name=Part.CLOCK).exists():
        bulkheads.alone(mails.send_due, now=now)  # which is the clock's work, and among them is that it stands still


def mark(part: Part, *, now: datetime) -> Trouble | None:
    """It runs. The time in which it did not, where it finds one since its last mark."""
    before = Pulse.objects.filter(name=part).first()
    if before is None:
        Pulse.objects.bulk_create([Pulse(name=part, at=now, since=now)], ignore_conflicts=True)
        return None
    stood_still = now - before.at >= Pulse.STOOD_STILL
    mine = Pulse.objects.filter(name=part, at=before.at).exclude(at__gte=now)
    if not mine.update(at=now, since=now if stood_still else before.since):
        return None
    return _over(part, before.at, now, unseen=stood_still and part == Part.CLOCK)


def _over(part: Part, since: datetime, now: datetime, *, unseen: bool) -> Trouble | None:
    """unseen: whether it counts although nobody was there to notice, as when everything was switched off."""
    kind = KINDS[part]
    told = Trouble.objects.open().filter(channel=None, kind=kind)
    if found := told.first():
        told.update(ended_at=now)
        return found
    return Trouble.objects.create(kind=kind, since=since, found_at=now, ended_at=now) if unseen else None


def watch(by: Part, *, now: datetime) -> int:
    """Tell of each other part that stands still, once; return how many. Who began a moment ago lets the others begin."""
    Pulse.objects.bulk_create([Pulse(name=part, at=now, since=now) for part in Part], ignore_conflicts=True)
    if not Pulse.objects.filter(name=by, since__lte=now - Pulse.STOOD_STILL).exists():
        return 0
    return sum(_begin(pulse, now) for pulse in Pulse.objects.stale(now).exclude(name=by).order_by("name"))


@transaction.atomic
def _begin(pulse: Pulse, now: datetime) -> bool:
    row = Trouble(kind=KINDS[Part(pulse.name)], since=pulse.at, found_at=now)
    Trouble.objects.bulk_create([row], ignore_conflicts=True)
    # Who lost to another process, or comes again, finds a row of another moment.
    begun = Trouble.objects.open().filter(channel=None, kind=row.kind, found_at=now).first()
    if begun:
        telling.outage(begun, now=now)
    return begun is not None


def have_had_time() -> bool:
    """Whether the others, who begin with this process as after a night, can have left their marks by now."""
    return monotonic() - BORN >= Pulse.STOOD_STILL.total_seconds()


def standing_still(*, now: datetime) -> Sequence[Pulse]:
    """Those whose last mark is too old, and those of which nobody ever saw one."""
    seen = {pulse.name: pulse for pulse in Pulse.objects.all()}
    return [seen.get(part, Pulse(name=part)) for part in Part if part not in seen or seen[part].is_stale(now)]
