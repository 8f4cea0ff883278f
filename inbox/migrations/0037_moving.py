"""What only held so far had asked to go on in private: it says so now, as other words may hold too."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0036_kept_words'),
    ]

    operations = [
        migrations.AlterField(
            model_name='message',
            name='source',
            field=models.CharField(choices=[('platform', 'written on the platform'), ('comptoir', 'sent from Comptoir'), ('native', "typed in the platform's own app"), ('holding', 'sent from Comptoir, and answers nothing yet'), ('moving', 'sent from Comptoir, and asks to go on in private'), ('automatic', 'sent by a machine')], max_length=10),
        ),
        migrations.RunSQL(
            "UPDATE inbox_message SET source = 'moving' WHERE source = 'holding'",
            "UPDATE inbox_message SET source = 'holding' WHERE source = 'moving'",
        ),
    ]
