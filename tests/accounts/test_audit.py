import logging
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts import audit
from accounts.models import AuditEntry, AuditSeal, Organization
from tests.factories import MINUTE, NOON, make_location, make_member

pytestmark = pytest.mark.django_db
TABLES = ("accounts_auditentry", "accounts_auditseal")


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def sql_past_the_triggers(statement, *values):
    """What only somebody who owns the tables, or the whole server, can do."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table in TABLES:
        sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    sql(statement, *values)
    for table in TABLES:
        sql(f"ALTER TABLE {table} ENABLE TRIGGER ALL")


@pytest.fixture
def ana(db):
    """In an organization whose trail is still empty."""
    return make_member(Organization.objects.create(name="Pharmacies Exemple", slug="exemple"), name="Ana Exemple")


@pytest.fixture
def chain(ana):
    """Five sealed entries of ana's organization, and one of another."""
    organization = ana.organization
    entries = [
        audit.record("member.changed", ana, organization=organization, by=ana, now=NOON + number * MINUTE, number=number)
        for number in range(5)
    ]
    other = make_location()
    audit.record("location.created", other, organization=other.organization_id, by=None, now=NOON)
    audit.seal()
    return entries


def problems(entries):
    return [(fault.position, fault.problem) for fault in audit.verify(entries[0].organization_id)]


@pytest.mark.parametrize(("behind", "at_once"), [(10, 1), (audit.LATE + 10, 0)])
def test_an_entry_whose_transaction_ended_late_is_sealed_too(chain, ana, behind, at_once):
    late = audit.told("member.changed", ana, organization=ana.organization, by=ana, now=NOON)
    late.pk = chain[-1].pk + 5
    sql("SELECT setval('accounts_auditentry_id_seq', %s)", late.pk + behind)
    audit.record("member.changed", ana, organization=ana.organization, by=ana, now=NOON)
    assert audit.seal() == 1

    late.save(force_insert=True)

    assert audit.seal() == at_once
    assert audit.seal(whole=True) == 1 - at_once
    assert problems(chain) == []


def test_however_much_is_to_be_sealed_nothing_is_left(chain, ana):
    for _each in range(7):
        audit.record("member.changed", ana, organization=ana.organization, by=ana, now=NOON)

    assert audit.seal(limit=3) == 7
    assert problems(chain) == []


def test_a_chain_that_nobody_touched_holds(chain):
    assert problems(chain) == []
    assert audit.seal() == 0
    assert AuditSeal.objects.filter(organization=chain[0].organization).count() == 5


@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET digest = 'x'", "DELETE FROM {}", "DELETE FROM {} WHERE id < 0", "TRUNCATE {} CASCADE"]
)
@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_change_or_remove_what_was_written(chain, table, statement):
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    for each in TABLES:  # tests/conftest.py lifted this one in the test database; put back for this test
        sql(f"ALTER TABLE {each} ENABLE ALWAYS TRIGGER audit_no_truncate")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(statement.format(table))

    assert problems(chain) == []


def test_replication_mode_does_not_lift_the_refusal(chain):
    sql("SET LOCAL session_replication_role = replica")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql("DELETE FROM accounts_auditseal")


@pytest.mark.parametrize(
    ("column", "value"),
    [("action", "member.ended"), ("subject", "Somebody"), ("detail", '{"number": 9}'), ("at", "2020-01-01"), ("actor_id", None)],
)
def test_an_altered_entry_is_found_whatever_was_altered(chain, column, value):
    sql_past_the_triggers(f"UPDATE accounts_auditentry SET {column} = %s WHERE id = %s", value, chain[2].pk)

    assert problems(chain) == [(3, "the entry was altered")]


def test_an_altered_entry_with_a_made_up_digest_is_found(chain):
    sql_past_the_triggers("UPDATE accounts_auditentry SET subject = 'x', digest = %s WHERE id = %s", "0" * 64, chain[2].pk)

    assert problems(chain) == [(3, "the entry was altered"), (3, "the chain does not join here")]


def test_an_entry_altered_before_it_is_sealed_is_found(chain, ana):
    late = audit.record("member.changed", ana, organization=ana.organization, by=ana, now=NOON)
    sql_past_the_triggers("UPDATE accounts_auditentry SET subject = 'x' WHERE id = %s", late.pk)

    assert problems(chain) == [(None, "the entry was altered")]


def test_a_deleted_entry_with_its_seal_is_found(chain):
    sql_past_the_triggers("DELETE FROM accounts_auditseal WHERE entry_id = %s", chain[2].pk)
    sql_past_the_triggers("DELETE FROM accounts_auditentry WHERE id = %s", chain[2].pk)

    assert problems(chain) == [(4, "position 3 is missing"), (4, "the chain does not join here")]


def test_the_last_entry_deleted_without_its_seal_is_found(chain):
    sql_past_the_triggers("DELETE FROM accounts_auditentry WHERE id = %s", chain[4].pk)

    assert problems(chain) == [(5, "the entry was deleted")]


def test_two_swapped_entries_are_found(chain):
    first, second = chain[1].pk, chain[2].pk
    sql_past_the_triggers(
        "UPDATE accounts_auditseal SET entry_id = CASE entry_id WHEN %s THEN -1 ELSE %s END WHERE entry_id IN (%s, %s)",
        first, first, first, second,
    )  # fmt: skip
    sql_past_the_triggers("UPDATE accounts_auditseal SET entry_id = %s WHERE entry_id = -1", second)

    assert [position for position, _problem in problems(chain)] == [2, 3]


def test_two_seals_that_changed_places_are_found(chain):
    ours = chain[0].organization_id
    for was, now in ((2, 99), (3, 2), (99, 3)):
        sql_past_the_triggers(
            "UPDATE accounts_auditseal SET position = %s WHERE position = %s AND organization_id = %s", now, was, ours
        )

    assert [position for position, _problem in problems(chain)] == [2, 3, 4]


def test_a_tail_cut_off_is_found_with_a_head_that_was_kept_elsewhere(chain):
    ours = chain[0].organization_id
    kept = audit.head(ours)
    sql_past_the_triggers("DELETE FROM accounts_auditseal WHERE entry_id = %s", chain[4].pk)
    sql_past_the_triggers("DELETE FROM accounts_auditentry WHERE id = %s", chain[4].pk)

    assert problems(chain) == []  # a shorter chain that holds: the documented limit
    assert [fault.problem for fault in audit.verify_against(ours, kept)] == ["the chain was cut off before this known position"]


def test_a_chain_that_grew_on_another_tail_is_found_with_a_kept_head(chain, ana):
    kept = audit.head(ana.organization_id)
    sql_past_the_triggers("DELETE FROM accounts_auditseal WHERE entry_id = %s", chain[4].pk)
    sql_past_the_triggers("DELETE FROM accounts_auditentry WHERE id = %s", chain[4].pk)
    audit.record("member.changed", ana, organization=ana.organization, by=ana, now=NOON)
    audit.seal()

    assert [fault.position for fault in audit.verify_against(ana.organization_id, kept)] == [5]


def test_an_entry_stays_only_if_what_it_tells_of_stays(ana):
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.record("member.changed", ana, organization=ana.organization, by=ana, now=NOON)
        raise RuntimeError

    assert not AuditEntry.objects.exists()


def test_the_command_says_what_it_found_and_exits_with_1(chain, ana):
    slug, out = ana.organization.slug, StringIO()
    call_command("audit", "verify", stdout=out)
    assert f"{slug}: 5 sealed, 0 not yet sealed, 0 faults" in out.getvalue()
    sql_past_the_triggers("UPDATE accounts_auditentry SET subject = 'x' WHERE id = %s", chain[2].pk)

    with pytest.raises(SystemExit) as stopped:
        call_command("audit", "verify", "--organization", slug, stdout=out)

    assert stopped.value.code == 1
    assert f"position 3, entry {chain[2].pk}: the entry was altered" in out.getvalue()


def test_the_command_compares_with_a_head_it_printed_before(chain, ana):
    out = StringIO()
    call_command("audit", "head", "--organization", ana.organization.slug, stdout=out)
    printed = out.getvalue().strip()

    call_command("audit", "verify", "--head", printed, stdout=StringIO())
    with pytest.raises(SystemExit):
        call_command("audit", "verify", "--head", printed[:-1] + ("0" if printed[-1] != "0" else "1"), stdout=StringIO())
    with pytest.raises(CommandError, match="is not a head"):
        call_command("audit", "verify", "--head", "nonsense", stdout=StringIO())


def test_the_command_writes_an_organization_as_csv_and_only_it(chain, ana):
    out = StringIO()

    call_command("audit", "export", "--organization", ana.organization.slug, stdout=out)

    assert len(out.getvalue().strip().splitlines()) == 6
    assert "member.changed" in out.getvalue()
    assert "location.created" not in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_a_database_with_a_trail_can_still_be_emptied_between_tests(ana):
    audit.record("member.changed", ana, organization=ana.organization, by=ana, now=NOON)
    audit.seal()
    # The flush comes when this test ends; it would be an error there.


def test_each_new_head_is_logged_whatever_else_the_process_keeps_to_itself(ana, caplog):
    """The clock runs at the level “warning”, which Celery gives to the root."""
    audit.record("member.changed", ana, organization=ana.organization, by=ana, now=NOON)
    root, before = logging.getLogger(), logging.getLogger().level
    root.setLevel(logging.WARNING)
    try:
        audit.seal()
    finally:
        root.setLevel(before)
    assert f"audit head organization={ana.organization_id} position=1 digest=" in caplog.text
