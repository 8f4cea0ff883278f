"""What one person said, the newest first, beside whoever writes. It serves what the plain index of the contact did."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


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
        migrations.AlterField(
            model_name='conversation',
            name='contact',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='conversations', to='inbox.contact'),
        ),
    ]
