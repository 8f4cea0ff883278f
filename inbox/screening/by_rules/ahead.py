"""Messages read before their channels are held: it is half of the work, and several workers can do it side by side."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rq.timeouts import JobTimeoutException

from inbox import triage
from inbox.models import Channel
from inbox.platforms.base import Received
from inbox.screening.by_rules.contexts import House
from inbox.triage.findings import Context, Reading


class Ahead(NamedTuple):
    houses: Mapping[int, House]
    readings: Mapping[tuple[str, Context], Reading]


NOTHING = Ahead({}, {})


def read_ahead(told: Iterable[Received]) -> Ahead:
    """What triage says of these, as far as can be told. Where it turns out otherwise, as by who wrote, it reads again."""
    told = list(told)
    owners = _owners(told)
    houses = House.of(owners.values())
    ahead = {}
    for event in told:
        if (event.platform, event.channel_id) in owners:
            house = houses[owners[event.platform, event.channel_id]]
            context = house.context(event.platform, event.kind, author=event.author.name if event.author else "")
            if reading := _read(event.text, context):
                ahead[event.text, context] = reading
    return Ahead(houses, ahead)


def _owners(told: Iterable[Received]) -> dict[tuple[str, str], int]:
    """The organizations of the pages, by platform and the platform's id."""
    rows = Channel.objects.connected().filter(external_id__in={event.channel_id for event in told})
    return {(platform, page): owner for platform, page, owner in rows.values_list("platform", "external_id", "organization")}


def _read(text: str, context: Context) -> Reading | None:
    try:
        return triage.read(text, context)
    except JobTimeoutException:
        raise
    except Exception:  # told of where the message is taken in, which tries again
        return None
