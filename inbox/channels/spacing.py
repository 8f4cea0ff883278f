"""Where a platform allows a page so many calls a second: how far apart they are made, and that no other page waits for it."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet, Window
from django.db.models.functions import RowNumber
from redis.exceptions import RedisError

from inbox import live
from inbox.models import Channel

log = logging.getLogger(__name__)

M = TypeVar("M", bound=Model)
KEY = "spacing:{}:{}"
MOST_AHEAD = 20  # calls that wait in line, of all processes; a place farther ahead was taken by another clock
# When the next call may be made, in milliseconds of Redis's own clock. Forgotten once that is past: nothing is lost with it.
TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local at = tonumber(redis.call('GET', KEYS[1]) or 0) or 0
if not (at > now and at - now <= ARGV[1] * ARGV[2]) then at = now end
redis.call('SET', KEYS[1], string.format('%.0f', at + ARGV[1]), 'PX', string.format('%.0f', at + ARGV[1] - now))
return at - now
"""


def of(channel: Channel) -> Callable[[float], float]:
    """For the meter of a connection: all that call for this page, in whichever process, take their place one after the other.

    Without Redis each keeps its whole distance, and knows of no other.
    """
    key = KEY.format(channel.platform, channel.external_id)

    def take(apart: float) -> float:
        try:
            return int(live.redis().eval(TAKE, 1, key, round(apart * 1000), MOST_AHEAD)) / 1000
        except RedisError:
            log.warning("%s: Redis does not answer; the call waits its whole distance", key)
            return apart

    return take


def page_by_page(rows: QuerySet[M], page: str, *order: str, of_each: int | None = None) -> QuerySet[M]:
    """One of each page, then a second one of each: while one rests, the others are called.

    page: the field that names it. of_each: so many of a page at most.
    """
    place = Window(RowNumber(), partition_by=F(page), order_by=[F(field) for field in order])
    placed: Any = rows.annotate(place=place).order_by("place", *order)
    found: QuerySet[M] = placed if of_each is None else placed.filter(place__lte=of_each)
    return found
