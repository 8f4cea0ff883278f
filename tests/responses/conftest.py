import pytest
from django.utils import translation

from tests.responses import graph as platform


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
