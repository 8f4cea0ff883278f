"""What people write and take back, told by a signed webhook."""

from accounts.models import AuditEntry
from inbox import jobs
from inbox.models import Message
from tests.factories import MINUTE
from tests.inbox.wire import feed, post

HARM = "Depuis la pilule bleue j’ai des plaques partout"
PHONE = "514 555-0177"
DANGER = "J’en peux plus, je veux mourir"
LINE = "kept with the safety case"


def arrive(client, *bodies):
    for body in bodies:
        assert post(client, body) == 200
    jobs.drain_deliveries()


def told_and_deleted(client, page, at, words, number="1"):
    arrive(client, feed(page, number, at, message=words))
    arrive(client, feed(page, number, at + MINUTE, verb="remove"))
    return Message.objects.get(external_id=f"900111_{number}")


def actions():
    return list(AuditEntry.objects.filter(action__startswith="words.").order_by("pk").values_list("action", flat=True))
