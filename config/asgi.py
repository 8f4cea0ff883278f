"""The `live` process: event streams only. Pages and webhooks are served by `config.wsgi`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from inbox.stream import application  # noqa: E402

__all__ = ["application"]
