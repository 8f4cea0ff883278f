"""What one person said, the newest first, beside whoever writes. It serves what the plain index of the contact did."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


def drop_plain(apps, schema_editor):
    """By whatever name it has; also one that was interrupted while it was made or dropped."""
    conversation = apps.get_model("inbox", "conversation")
    for name in schema_editor._constraint_names(conversation, ["contact_id"], index=True, unique=False, primary_key=False):
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(name)}", params=None)


def make_plain(apps, schema_editor):
    drop_plain(apps, schema_editor)
    conversation = apps.get_model("inbox", "conversation")
    contact = conversation._meta.get_field("contact")
    schema_editor.execute(schema_editor._create_index_sql(conversation, fields=[contact], concurrently=True), params=None)


class Migration(migrations.Migration):

    atomic = False
    dependencies = [
        ('inbox', '0040_search_filled'),
    ]

    operations = [
        # One that was interrupted is of no use: it is made again.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS conv_of_contact", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name='conversation',
            index=models.Index(models.F('contact'), models.OrderBy(models.F('last_message_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='conv_of_contact'),
        ),
        # Left to itself Django drops the foreign key for this, and adds it again while everybody who writes waits.
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop_plain, make_plain)],
            state_operations=[
                migrations.AlterField(
                    model_name='conversation',
                    name='contact',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='conversations', to='inbox.contact'),
                ),
            ],
        ),
    ]
