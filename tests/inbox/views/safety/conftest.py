import pytest
from django.utils import timezone

from accounts.access import Role
from accounts.models import Organization
from tests.factories import make_case, make_channel, make_member, make_waiting

WORDS = "Depuis la pilule bleue j’ai des plaques partout"


@pytest.fixture
def pharmacist(place):
    return make_member(place.organization, Role.PHARMACIST, name="Paul Exemple")


@pytest.fixture
def a_case(place):
    """a_case(kind, at, where): what somebody told of it then."""

    def opened(kind="adverse_event", at=None, where=None, text=WORDS, **fields):
        conversation = make_waiting(make_channel(where or place), at=at or timezone.now(), text=text)
        return make_case(conversation.messages.get(), kind, **fields)

    return opened


@pytest.fixture
def maker(place):
    Organization.objects.filter(pk=place.organization_id).update(kind="manufacturer")
