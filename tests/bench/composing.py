"""Who answers in `outbox`: conversations that wait, and replies composed in them as Send does, one transaction each.

python -m tests.bench.composing COUNT EVERY: prepares, says "ready", waits for a line, composes one reply each EVERY seconds
(0: as fast as it can, and due at once), and prints when each was committed, on the clock that all processes of a machine share.
"""

import json
import sys
import time
from datetime import timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402

from accounts.models import Membership  # noqa: E402
from inbox.models import Channel  # noqa: E402
from responses import replies  # noqa: E402
from responses.models import TemplateVersion  # noqa: E402
from responses.replies import Words  # noqa: E402
from tests.factories import MINUTE, make_channel, make_version, make_waiting  # noqa: E402

PAGES = 4


def main(count: int, every: float) -> None:
    member = Membership.objects.get(user__email="bench@example.com")
    first = Channel.objects.filter(organization=member.organization).order_by("pk")[0]
    run = Channel.objects.count()
    channels = [make_channel(first.location, external_id=f"5550142{run + number:08d}") for number in range(PAGES)]
    at = timezone.now() - 5 * MINUTE
    waiting = [make_waiting(channels[number % PAGES], at=at) for number in range(count)]
    version = TemplateVersion.objects.first() or make_version(member.organization)
    print("ready", flush=True)
    input()
    committed, begun = {}, time.monotonic()
    for number, conversation in enumerate(waiting):
        time.sleep(max(0, begun + number * every - time.monotonic()))
        now = timezone.now() - (timedelta(0) if every else MINUTE)
        filled = {"answer": f"réponse {number}.", "first_name": "Julie"}
        replies.compose(conversation, by=member, now=now, words=Words(version=version, language="fr", filled=filled))
        committed[number] = time.monotonic()
    print(json.dumps(committed), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
