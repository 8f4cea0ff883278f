"""Three people: ana works at the counter, ben decides which words may be used, the outsider works elsewhere."""

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connection
from django.test import Client
from django.utils import translation
from pytest_django.live_server_helper import LiveServer

from accounts.access import Role
from accounts.models import Location, Membership
from tests.factories import make_location, make_member

pytest_plugins = ["tests.simulator.fixtures"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A transactional test empties every table when it ends, so in the test database alone the audit trail may be truncated.

    Lifting a trigger takes the table's owner and DDL: no setting of a running application does it.
    UPDATE and DELETE stay refused; the tests of the trail put the truncate trigger back for themselves.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("accounts_auditentry", "accounts_auditseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_no_truncate")


class FinishingServer(ThreadedWSGIServer):
    """Ends once it has answered what it was asked."""

    daemon_threads = False


@pytest.fixture
def live_server(transactional_db: None):
    """A server of each test's own, ended before the tables are emptied.

    pytest-django's outlives the test: what a page asked for as it was closed would be read while the tables
    are truncated, and PostgreSQL ends one of the two.
    """
    server = LiveServer("localhost", start=False)
    server.thread.server_class = FinishingServer
    server.start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _english():
    """Each test begins in English, whatever language the request of another one ended in."""
    with translation.override("en"):
        yield


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
