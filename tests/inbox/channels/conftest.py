import pytest

from inbox import platforms
from inbox.models import Channel
from tests.factories import NOON, make_channel
from tests.inbox.channels.shelf import Shelf


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """The platform of `page`: it takes Facebook's place in the registry."""
    shelf = Shelf()
    others = [(connector, hooks) for connector, hooks in platforms.PLATFORMS if connector.slug != shelf.slug]
    monkeypatch.setattr(platforms, "PLATFORMS", ((shelf, platforms.META), *others))
    return shelf


@pytest.fixture
def page(db: None, shelf: Shelf) -> Channel:
    return make_channel(external_id="100200300400500", listed_at=NOON)
