"""A cache that a silent Redis slows, and never breaks: what is cached can always be asked again."""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError:
            log.warning("cache: Redis does not answer")
            return default

    def set(self, key: str, value: Any, timeout: Any = 300, version: int | None = None) -> None:
        try:
            super().set(key, value, timeout, version)
        except RedisError:
            log.warning("cache: Redis does not answer")

    def delete(self, key: str, version: int | None = None) -> bool:
        try:
            return super().delete(key, version)
        except RedisError:
            return False

    def add(self, key: str, value: Any, timeout: Any = 300, version: int | None = None) -> bool:
        # The rate limits take their lock with it: without Redis people still sign in, unlimited for that while.
        try:
            return super().add(key, value, timeout, version)
        except RedisError:
            log.warning("cache: Redis does not answer")
            return True
