"""Three people: ana works at the counter, ben decides which words may be used, the outsider works elsewhere."""

import pytest
from django.test import Client

from accounts.access import Role
from accounts.models import Location, Membership
from tests.factories import make_location, make_member


@pytest.fixture
def place(db: None) -> Location:
    return make_location(name="Pharmacie du Vieux-Quai", short_name="Vieux-Quai")


@pytest.fixture
def ana(place: Location) -> Membership:
    return make_member(place.organization, Role.STAFF, locations=[place], name="Ana Exemple")


@pytest.fixture
def ben(place: Location) -> Membership:
    return make_member(place.organization, Role.COMPLIANCE, name="Ben Exemple")


@pytest.fixture
def outsider(db: None) -> Membership:
    return make_member(make_location().organization, Role.ADMIN, name="Olga Ailleurs")


@pytest.fixture
def sign_in(client: Client):
    """sign_in(member) → a client that works as that member."""

    def as_member(member: Membership) -> Client:
        client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return as_member
