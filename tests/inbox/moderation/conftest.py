import pytest

from tests.inbox.platforms import server


@pytest.fixture
def graph(settings):
    with server.running() as running:
        settings.META_GRAPH_URL = running.url
        running.says({"success": True})
        yield running
