"""Migration 0041 changes which index serves the contact of a conversation, and never lets go of its foreign key."""

import re

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

pytestmark = pytest.mark.django_db(transaction=True)


def migration():
    return MigrationLoader(connection).get_migration("inbox", "0041_of_contact")


def before():
    return MigrationLoader(connection).project_state(("inbox", "0040_search_filled"))


def forward(steps=None):
    """All of it, or interrupted after so many steps."""
    wanted = migration()
    wanted.operations = wanted.operations[:steps]
    with connection.schema_editor(atomic=False) as editor:
        wanted.apply(before(), editor)


def back(steps=None):
    """The same, the last step first."""
    wanted = migration()
    wanted.operations = wanted.operations[-(steps or 0) :]
    with connection.schema_editor(atomic=False) as editor:
        wanted.unapply(before(), editor)


def asked(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [value for (value,) in cursor.fetchall()]


def foreign_key():
    """Which one it is, and whether it holds for what is there."""
    return asked("""
        SELECT (oid, convalidated) FROM pg_constraint
        WHERE conrelid = 'inbox_conversation'::regclass AND confrelid = 'inbox_contact'::regclass AND contype = 'f'
    """)


def indexes():
    """Those that begin with the contact, save the one of what moved."""
    names = asked("""
        SELECT indexrelid::regclass::text FROM pg_index
        JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0] AND attname = 'contact_id'
        WHERE indrelid = 'inbox_conversation'::regclass AND indexrelid::regclass::text <> 'conv_moved'
    """)
    return [re.sub("^inbox_conversation_contact_id_[0-9a-f]+$", "plain", name) for name in names]


def leave_unfinished():
    """As an index is left by whoever made it or dropped it concurrently and was interrupted."""
    with connection.cursor() as cursor:
        cursor.execute("""
            UPDATE pg_index SET indisvalid = false FROM pg_attribute
            WHERE attrelid = indrelid AND attnum = indkey[0] AND attname = 'contact_id'
                AND indrelid = 'inbox_conversation'::regclass AND indexrelid::regclass::text <> 'conv_moved'
        """)


def unfinished():
    return asked("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")


@pytest.fixture(autouse=True)
def _put_back():
    yield
    forward()


def test_there_and_back_the_foreign_key_is_the_same():
    [held] = foreign_key()
    assert indexes() == ["conv_of_contact"]

    back()
    assert (indexes(), foreign_key()) == (["plain"], [held])

    forward()
    assert (indexes(), foreign_key()) == (["conv_of_contact"], [held])


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_after_an_interruption_it_is_done_again_from_the_beginning(steps):
    [held] = foreign_key()
    back()

    forward(steps)
    assert (bool(indexes()), foreign_key()) == (True, [held])
    forward()

    assert (indexes(), foreign_key()) == (["conv_of_contact"], [held])


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_so_is_the_way_back(steps):
    [held] = foreign_key()

    back(steps)
    assert (bool(indexes()), foreign_key()) == (True, [held])
    back()

    assert (indexes(), foreign_key()) == (["plain"], [held])


def test_an_index_that_was_left_unfinished_is_dropped_or_made_again():
    back(1)
    leave_unfinished()
    forward()
    assert (indexes(), unfinished()) == (["conv_of_contact"], [])

    back(1)
    leave_unfinished()
    back()
    assert (indexes(), unfinished()) == (["plain"], [])
