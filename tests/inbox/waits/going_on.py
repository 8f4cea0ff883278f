"""A public comment, what we write under it, and what its author writes in private; with the parts of a page that tell of both."""

from inbox import intake
from inbox.models import Conversation, Wait
from tests.factories import DAY, HOUR, NOON
from tests.inbox.wire import messenger, take_in

LATER = NOON + 3 * DAY
MOVED = NOON + HOUR  # we asked them to go on in private
WROTE = NOON + 5 * HOUR  # and they did


def answer(conversation, at, *, external_id="m_1", private=False, source="comptoir"):
    fields = {"text": "On vous écrit.", "sent_at": at, "now": at, "external_id": external_id}
    conversation.refresh_from_db()
    return intake.record_own(conversation, private=private, source=source, **fields)


def move(public, at=MOVED):
    return answer(public, at, private=True, source="moving")


def writes(page, at=WROTE, mid="m_2", text="Voici mon numéro de commande"):
    take_in(messenger(page, mid, at, text=text), at=at)
    return Conversation.objects.get(kind="message")


def counted():
    return Wait.objects.exclude(outcome="excluded")


def head_of(page):
    return page[page.index('<header class="head">') :].split("</header>")[0]


def row_of(page, conversation):
    return page[page.index(f'id="row-{conversation.pk}"') :].split("</li>")[0]
