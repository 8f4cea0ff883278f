import pytest

from accounts.access import Role
from tests.factories import make_channel, make_danger, make_member, make_waiting

WORDS = "J’en peux plus, je veux mourir"


@pytest.fixture
def pharmacist(place):
    return make_member(place.organization, Role.PHARMACIST, name="Paul Exemple")


@pytest.fixture
def manager(place):
    return make_member(place.organization, Role.MANAGER, name="Mona Exemple")


@pytest.fixture
def conversation(place):
    return make_waiting(make_channel(place), text=WORDS)


@pytest.fixture
def finding(conversation):
    return make_danger(conversation.messages.get(), cues=[["direct", 18, 30]])
