from collections.abc import Iterator

import pytest

from tests.inbox.platforms import server


@pytest.fixture
def platform() -> Iterator[server.Platform]:
    with server.running() as running:
        yield running
