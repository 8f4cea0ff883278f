import pytest
from django.utils import timezone

from accounts.access import Role
from accounts.models import Organization
from tests.factories import MINUTE, make_channel, make_member


@pytest.fixture
def page(place):
    return make_channel(place, external_id="100200300400500")


@pytest.fixture
def maker(place):
    Organization.objects.filter(pk=place.organization_id).update(kind="manufacturer")


@pytest.fixture
def pharmacist(place):
    return make_member(place.organization, Role.PHARMACIST, name="Paul Exemple")


@pytest.fixture
def at():
    return timezone.now() - 10 * MINUTE
