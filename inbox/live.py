"""Live update: a nudge says only "look again"; the page then asks through the ordinary, permission-checked view.

The stream itself is served by `inbox.stream`, in its own process, which holds no database connection.
"""

import logging
from functools import cache
from urllib.parse import quote

from django.conf import settings
from django.core import signing
from django.db import transaction
from redis import Redis
from redis.exceptions import RedisError

from accounts.models import Membership

log = logging.getLogger(__name__)

CHANNEL = "live:{}"
_signer = signing.TimestampSigner(salt="inbox.live")
TOKEN_SECONDS = 24 * 3600


def nudge(organization_id: int) -> None:
    """Ask every open page of an organization to look again, once the present transaction is committed."""
    transaction.on_commit(lambda: _publish(organization_id), robust=True)


def _publish(organization_id: int) -> None:
    try:
        redis().publish(CHANNEL.format(organization_id), b"")
    except RedisError:
        log.warning("live: Redis does not answer; open pages look again by themselves within a minute")


@cache
def redis() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=1)


def token(membership: Membership) -> str:
    """Says whose stream it is, so that opening one asks neither session nor database."""
    return _signer.sign(str(membership.organization_id))


def read_token(value: str) -> int:
    """The organization of a token. Raises signing.BadSignature for a wrong or an old one."""
    return int(_signer.unsign(value, max_age=TOKEN_SECONDS))


def stream_url(membership: Membership) -> str:
    return f"{settings.LIVE_URL}/live/{quote(token(membership), safe='')}"
