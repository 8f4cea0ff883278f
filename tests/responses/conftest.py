import pytest
from django.utils import translation

from tests.factories import make_channel, make_waiting
from tests.responses import graph as platform
from tests.responses.queueing import queue


@pytest.fixture
def graph(settings):
    """A platform that takes what the outbox sends."""
    with platform.running() as running:
        settings.META_GRAPH_URL = settings.INSTAGRAM_GRAPH_URL = settings.LINKEDIN_API_URL = running.url
        yield running


@pytest.fixture
def english():
    """Words are asserted in the language of the source."""
    with translation.override("en"):
        yield


@pytest.fixture
def channel(place, graph):
    channel = make_channel(place)
    graph.page = channel.external_id
    return channel


@pytest.fixture
def conversation(channel):
    return make_waiting(channel)


@pytest.fixture
def reply(conversation, ana):
    return queue(conversation, ana)
