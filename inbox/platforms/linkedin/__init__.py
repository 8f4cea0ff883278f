"""LinkedIn organization pages: notifications of comments in, comments out."""

from inbox.platforms.linkedin.connector import LinkedIn
from inbox.platforms.linkedin.hooks import LinkedInHooks

__all__ = ["LinkedIn", "LinkedInHooks"]
