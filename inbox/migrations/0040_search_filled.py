"""The stems of what was there before the triggers of 0039, while everything goes on; may be interrupted, and goes on where it was."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

AT_ONCE = 1000  # messages that are held together, a fifth of a second

# Those without an entry, after a place.
NEXT = """
    SELECT array_agg(id) FROM (
        SELECT id FROM inbox_message AS message
        WHERE id > %s AND NOT EXISTS (SELECT FROM inbox_searchentry WHERE message_id = message.id)
        ORDER BY id LIMIT %s
    ) AS missing
"""


def fill(apps, schema_editor):
    """Each statement is a transaction of its own."""
    place = 0
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(NEXT, [place, AT_ONCE])
            [missing] = cursor.fetchone()
            if not missing:
                return
            cursor.execute("SELECT inbox_search_keep_held(%s)", [missing])
            place = missing[-1]


def index(made):
    """Last, and one that was interrupted is of no use: it is made again."""
    return [
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {made.name}", migrations.RunSQL.noop),
        AddIndexConcurrently("searchentry", made),
    ]


class Migration(migrations.Migration):

    atomic = False
    dependencies = [
        ('inbox', '0039_search'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        *index(models.Index(models.F('organization'), models.OrderBy(models.F('at'), descending=True), models.OrderBy(models.F('message'), descending=True), name='search_newest')),
        *index(django.contrib.postgres.indexes.GinIndex(models.F('words'), gin_pending_list_limit=512, name='search_words')),
    ]
