"""What was handed in for review can be decided on, not rewritten; what was once handed in cannot be deleted."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION responses_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moves CONSTANT text[] := ARRAY[
        'draft>in_review', 'changes_requested>in_review', 'changes_requested>draft',
        'in_review>approved', 'in_review>changes_requested',
        'approved>replaced', 'approved>withdrawn', 'approved>expired'
    ];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.submitted_at IS NOT NULL OR OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'version % was submitted: it cannot be deleted', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (moves) THEN
        RAISE EXCEPTION 'version %: % cannot become %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.template_id, NEW.number, NEW.created_at) IS DISTINCT FROM (OLD.template_id, OLD.number, OLD.created_at) THEN
        RAISE EXCEPTION 'version %: its place is for good', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state IN ('draft', 'changes_requested') THEN
        RETURN NEW;
    END IF;
    IF (NEW.title_fr, NEW.title_en, NEW.topic, NEW.audience, NEW.platforms, NEW.body_fr, NEW.body_en, NEW.author_id, NEW.submitted_at)
        IS DISTINCT FROM
       (OLD.title_fr, OLD.title_en, OLD.topic, OLD.audience, OLD.platforms, OLD.body_fr, OLD.body_en, OLD.author_id, OLD.submitted_at)
    THEN
        RAISE EXCEPTION 'version % was submitted: its words cannot change', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.expires_on IS DISTINCT FROM OLD.expires_on AND OLD.state <> 'in_review' THEN
        RAISE EXCEPTION 'version %: its last day was decided with it', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = OLD.state
        AND (NEW.decided_by_id, NEW.decided_at, NEW.comment) IS DISTINCT FROM (OLD.decided_by_id, OLD.decided_at, OLD.comment)
    THEN
        RAISE EXCEPTION 'version %: a decision is not rewritten', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_version BEFORE UPDATE OR DELETE ON responses_templateversion
FOR EACH ROW EXECUTE FUNCTION responses_keep_version();
"""

BACKWARD = """
DROP TRIGGER keep_version ON responses_templateversion;
DROP FUNCTION responses_keep_version();
"""


class Migration(migrations.Migration):
    dependencies = [("responses", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
