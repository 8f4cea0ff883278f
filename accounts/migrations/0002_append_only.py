"""The database itself refuses to change or remove what the audit trail says."""

from django.db import migrations

TABLES = ("accounts_auditentry", "accounts_auditseal")

FUNCTION = """
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only: % on % is refused', TG_OP, TG_TABLE_NAME;
END $$;
"""

# By statement, so that one that matches no row is refused as well; ALWAYS, so that session_replication_role does not lift it.
# TRUNCATE has a trigger of its own because a test database must be emptied between tests: see tests/conftest.py.
TRIGGERS = """
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER audit_no_change;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER audit_no_truncate;
"""

UNDO = "DROP TRIGGER audit_no_change ON {table}; DROP TRIGGER audit_no_truncate ON {table};"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION audit_is_append_only();"),
        *(migrations.RunSQL(TRIGGERS.format(table=table), UNDO.format(table=table)) for table in TABLES),
    ]
