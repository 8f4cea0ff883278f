"""Search: what was written and who wrote it, as stems in a table beside the messages, kept by triggers.

Every way by which words change or go (an edit, an erasure, a time that is over, a name taken out) is one of a dozen updates in
Python; the database sees them all. In one short transaction: what is there already is read by 0040, which holds nobody up.
"""

import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# Words without meaning in either language are left out of both: otherwise each would stand in the other's stems.
CONFIGURATIONS = """
CREATE TEXT SEARCH DICTIONARY comptoir_french_stop (TEMPLATE = simple, STOPWORDS = french, ACCEPT = false);
CREATE TEXT SEARCH DICTIONARY comptoir_english_stop (TEMPLATE = simple, STOPWORDS = english, ACCEPT = false);
CREATE TEXT SEARCH CONFIGURATION comptoir_french (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION comptoir_french ADD MAPPING FOR asciiword, word, numword
    WITH comptoir_french_stop, comptoir_english_stop, french_stem;
ALTER TEXT SEARCH CONFIGURATION comptoir_french ADD MAPPING FOR int, uint, float, sfloat WITH simple;
CREATE TEXT SEARCH CONFIGURATION comptoir_english (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION comptoir_english ADD MAPPING FOR asciiword, word, numword
    WITH comptoir_french_stop, comptoir_english_stop, english_stem;
ALTER TEXT SEARCH CONFIGURATION comptoir_english ADD MAPPING FOR int, uint, float, sfloat WITH simple;
"""

DROP_CONFIGURATIONS = """
DROP TEXT SEARCH CONFIGURATION comptoir_english;
DROP TEXT SEARCH CONFIGURATION comptoir_french;
DROP TEXT SEARCH DICTIONARY comptoir_english_stop;
DROP TEXT SEARCH DICTIONARY comptoir_french_stop;
"""

# Letters are told by themselves and not by the locale of the database, which may be C. What is no letter and no digit parts
# words: the apostrophe of an elision, the hyphen, and whatever else the parser would take for an address or a file.
APART = r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u02b0-\u036f\u2000-\u2bff\u3000-\u303f\ufe00-\ufe0f\ufeff\uff00-\uff0f\U0001f000-\U0001faff]+"
CAPITALS, SMALL = "ÀÂÄÁÃÅÇÈÉÊËÌÍÎÏÑÒÓÔÖÕÙÚÛÜÝŸŒÆ", "àâäáãåçèéêëìíîïñòóôöõùúûüýÿœæ"
FOLDED = "aaaaaaceeeeiiiinooooouuuuyy"  # the ligatures are two letters by then

# Stemmed with their accents and folded afterwards, as “fermées” and “fermé” meet in one stem and “fermees” and “ferme” do not;
# and folded before, so that who types none finds them as well.
FUNCTIONS = f"""
CREATE FUNCTION inbox_search_words(text) RETURNS tsvector LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
    plain text := replace(replace(translate(lower(normalize(left($1, 20000), NFC)), '{CAPITALS}', '{SMALL}'), 'œ', 'oe'), 'æ', 'ae');
    folded text;
BEGIN
    plain := regexp_replace(plain, '{APART}', ' ', 'g');
    folded := translate(plain, '{SMALL}', '{FOLDED}');
    RETURN translate(strip(to_tsvector('comptoir_french', plain))::text, '{SMALL}', '{FOLDED}')::tsvector
        || strip(to_tsvector('comptoir_french', folded))
        || strip(to_tsvector('comptoir_english', folded));
END $$;

-- Of whom and where a message is stands among its words, with a sign that no word has: so the one index finds both at once.
CREATE FUNCTION inbox_search_place(organization bigint, location bigint) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(ARRAY['@o' || organization, '@l' || location])
$$;

CREATE FUNCTION inbox_search_keep(bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO inbox_searchentry (message_id, organization_id, location_id, at, words)
    SELECT message.id, conversation.organization_id, conversation.location_id, message.sent_at,
        inbox_search_place(conversation.organization_id, conversation.location_id) || inbox_search_words(
            CASE message.direction WHEN 'in' THEN concat(message.text, ' ', contact.name) ELSE message.text END)
    FROM inbox_message message
    JOIN inbox_conversation conversation ON conversation.id = message.conversation_id
    LEFT JOIN inbox_contact contact ON contact.id = conversation.contact_id
    WHERE message.id = ANY($1)
    ORDER BY message.id
    ON CONFLICT (message_id) DO UPDATE SET organization_id = excluded.organization_id, location_id = excluded.location_id,
        at = excluded.at, words = excluded.words
$$;

-- For who does not hold the messages: waits for whoever writes them first, so that it is their words that are read, and kept, and
-- not those from before.
CREATE FUNCTION inbox_search_keep_held(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM inbox_message WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    PERFORM inbox_search_keep(ids);
END $$;
"""

DROP_FUNCTIONS = """
DROP FUNCTION inbox_search_keep_held(bigint[]);
DROP FUNCTION inbox_search_keep(bigint[]);
DROP FUNCTION inbox_search_place(bigint, bigint);
DROP FUNCTION inbox_search_words(text);
"""

# New messages come by the hundred in one COPY, and are kept by one statement. Nobody else sees them yet: whoever changes the name of
# their author meanwhile is waited for, or waits. Who changes a message holds it already.
#
# The tables in the order in which the intake writes them, as each is held until the end.
TRIGGERS = """
CREATE FUNCTION inbox_search_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM inbox_contact WHERE id IN (
        SELECT contact_id FROM inbox_conversation WHERE id IN (SELECT conversation_id FROM fresh WHERE direction = 'in')
    ) ORDER BY id FOR SHARE;
    PERFORM inbox_search_keep((SELECT array_agg(id) FROM fresh));
    RETURN NULL;
END $$;
CREATE FUNCTION inbox_search_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.conversation_id IS DISTINCT FROM NEW.conversation_id THEN
        PERFORM 1 FROM inbox_contact WHERE id = (SELECT contact_id FROM inbox_conversation WHERE id = NEW.conversation_id) FOR SHARE;
    END IF;
    PERFORM inbox_search_keep(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE FUNCTION inbox_search_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.contact_id IS DISTINCT FROM NEW.contact_id THEN
        PERFORM 1 FROM inbox_contact WHERE id = NEW.contact_id FOR SHARE;
    END IF;
    PERFORM inbox_search_keep_held((SELECT array_agg(id) FROM inbox_message WHERE conversation_id = NEW.id));
    RETURN NULL;
END $$;
CREATE FUNCTION inbox_search_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM inbox_search_keep_held((SELECT array_agg(message.id) FROM inbox_message message
        JOIN inbox_conversation conversation ON conversation.id = message.conversation_id
        WHERE conversation.contact_id = NEW.id AND message.direction = 'in'));
    RETURN NULL;
END $$;

CREATE TRIGGER search_renamed AFTER UPDATE OF name ON inbox_contact FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION inbox_search_renamed();
CREATE TRIGGER search_moved AFTER UPDATE OF organization_id, location_id, contact_id ON inbox_conversation FOR EACH ROW
    WHEN ((OLD.organization_id, OLD.location_id, OLD.contact_id)
        IS DISTINCT FROM (NEW.organization_id, NEW.location_id, NEW.contact_id))
    EXECUTE FUNCTION inbox_search_moved();
CREATE TRIGGER search_new AFTER INSERT ON inbox_message REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION inbox_search_new();
CREATE TRIGGER search_changed AFTER UPDATE OF text, sent_at, direction, conversation_id ON inbox_message FOR EACH ROW
    WHEN ((OLD.text, OLD.sent_at, OLD.direction, OLD.conversation_id)
        IS DISTINCT FROM (NEW.text, NEW.sent_at, NEW.direction, NEW.conversation_id))
    EXECUTE FUNCTION inbox_search_changed();
"""

DROP_TRIGGERS = """
DROP TRIGGER search_renamed ON inbox_contact;
DROP TRIGGER search_moved ON inbox_conversation;
DROP TRIGGER search_changed ON inbox_message;
DROP TRIGGER search_new ON inbox_message;
DROP FUNCTION inbox_search_renamed();
DROP FUNCTION inbox_search_moved();
DROP FUNCTION inbox_search_changed();
DROP FUNCTION inbox_search_new();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_phone'),
        ('inbox', '0038_words_notices'),
    ]

    operations = [
        migrations.RunSQL(CONFIGURATIONS, DROP_CONFIGURATIONS),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='inbox.message')),
                ('at', models.DateTimeField()),
                ('words', django.contrib.postgres.search.SearchVectorField()),
                ('location', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.location')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
            ],
            options={
                'verbose_name_plural': 'search entries',
            },
        ),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.RunSQL(TRIGGERS, DROP_TRIGGERS),
    ]
