from datetime import timedelta

from django.db import migrations, models
from django.utils import timezone


def settle(apps, schema_editor):
    """What was said weeks ago and opened no crisis is old news. The rest is looked at once more, as the clock may have stood still."""
    finding = apps.get_model("inbox", "Finding")
    never = finding.objects.filter(family="crisis", urgency=0, crisis=None)
    never.filter(message__sent_at__lt=timezone.now() - timedelta(days=14)).update(passed_over=True)


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0030_own_topics"),
    ]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="passed_over",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunPython(settle, migrations.RunPython.noop),
        migrations.RemoveIndex(
            model_name="finding",
            name="finding_to_attend",
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                models.F("found_at"),
                condition=models.Q(("crisis", None), ("family", "crisis"), ("passed_over", False), ("urgency", 0)),
                name="finding_unattended",
            ),
        ),
    ]
