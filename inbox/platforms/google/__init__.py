"""Google Business Profile: reviews of a location, told thinly over Pub/Sub and fetched; our answers, which Google reads first."""

from inbox.platforms.google.location import Google
from inbox.platforms.google.push import GoogleHooks

__all__ = ["Google", "GoogleHooks"]
