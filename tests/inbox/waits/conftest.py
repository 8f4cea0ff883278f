import pytest

from inbox.models import Conversation
from tests.factories import NOON, make_channel
from tests.inbox.wire import feed, take_in


@pytest.fixture
def page(place):
    return make_channel(place, external_id="100200300400500")


@pytest.fixture
def public(page):
    take_in(feed(page, "1", NOON, message="Avez-vous reçu ma commande?"), at=NOON)
    return Conversation.objects.get()
