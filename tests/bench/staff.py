"""Answers whoever waits, in words that tell one answer from every other. Run as a process of its own by the faults."""

import json
import sys
import time

import django

django.setup()

from django.db import InterfaceError, OperationalError, close_old_connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Membership  # noqa: E402
from inbox.models import Conversation  # noqa: E402
from responses import replies  # noqa: E402
from responses.composing.judging import Words  # noqa: E402
from responses.replies import Refused, Stale, Unacknowledged  # noqa: E402

PACE, PATIENCE = 0.08, 600


def main(wanted: int) -> int:
    composed, begun = 0, time.monotonic()
    while composed < wanted and time.monotonic() - begun < PATIENCE + wanted:
        try:
            close_old_connections()
            done = _answer_one(composed)
        except (OperationalError, InterfaceError):
            done = False
        composed += done
        time.sleep(PACE if done else 0.3)
    print(json.dumps({"composed": composed}), flush=True)
    return composed


def _answer_one(number: int) -> bool:
    member = Membership.objects.get()
    waiting = Conversation.objects.filter(due_at__isnull=False, replies=None).order_by("?").first()
    if waiting is None:
        return False
    words = Words(
        language="fr", text=f"Bonjour! Oui, nous sommes ouverts. Au plaisir de vous voir. (réponse {number}-{waiting.pk})"
    )
    try:
        replies.compose(waiting, by=member, now=timezone.now(), words=words, acknowledged=True)
    except (Refused, Stale, Unacknowledged):
        return False
    return True


if __name__ == "__main__":
    main(int(sys.argv[1]))
