import pytest

from inbox.platforms.base import Connection
from inbox.platforms.google import rest
from inbox.platforms.youtube import calls
from tests.inbox.platforms.youtube.studio import OURS, Studio


@pytest.fixture
def studio(platform) -> Studio:
    studio = Studio(platform)
    platform.says(studio.answer)
    rest._access.clear()
    calls.looks.forget()
    return studio


@pytest.fixture
def channel(studio) -> Connection:
    url = studio.server.url
    return Connection(OURS, "lasting-token", url, app_secret="app-secret", client_id="client", login_url=url, allowance=10_000)
