"""Whether Comptoir itself runs: the clock leaves its mark, and finds by the one before that it stood still."""

from datetime import datetime, timedelta

from inbox.models import Pulse, Trouble

NAME = "clock"
STOOD_STILL = timedelta(minutes=3)  # well past the pauses of a restart


def beat(*, now: datetime) -> Trouble | None:
    """The time in which Comptoir did not run, where there was one since the last beat."""
    before = Pulse.objects.filter(name=NAME).values_list("at", flat=True).first()
    if before is None:
        Pulse.objects.bulk_create([Pulse(name=NAME, at=now)], ignore_conflicts=True)
        return None
    mine = Pulse.objects.filter(name=NAME, at=before).exclude(at__gte=now).update(at=now)
    if not mine or now - before < STOOD_STILL:
        return None
    return Trouble.objects.create(kind=Trouble.Kind.DOWN, since=before, found_at=now, ended_at=now)
