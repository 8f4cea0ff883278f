"""A version says whether it only holds the line. As its words it is kept as it was once it was submitted."""

from django.db import migrations, models

# What moves to private held by its topic alone; before the trigger, which would refuse it.
MARK = "UPDATE responses_templateversion SET holds = true WHERE topic = 'move'"

FORWARD = """
CREATE FUNCTION responses_keep_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'version % was submitted: whether it answers cannot change', OLD.id USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER keep_holds BEFORE UPDATE ON responses_templateversion FOR EACH ROW
WHEN (OLD.holds IS DISTINCT FROM NEW.holds AND OLD.state NOT IN ('draft', 'changes_requested'))
EXECUTE FUNCTION responses_keep_holds();
"""

BACKWARD = """
DROP TRIGGER keep_holds ON responses_templateversion;
DROP FUNCTION responses_keep_holds();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_phone'),
        ('responses', '0008_private_hour'),
    ]

    operations = [
        migrations.AddField(
            model_name='templateversion',
            name='holds',
            field=models.BooleanField(db_default=False, default=False, help_text='For words that only acknowledge, or ask to go on elsewhere, as those of the topic “Move to private” always do: the clock stops when somebody answers.', verbose_name='Does not answer yet: the person’s wait goes on'),
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='templateversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('topic', 'move'), _negated=True), ('holds', True), _connector='OR'), name='move_holds'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
