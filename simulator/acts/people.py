from datetime import datetime

from simulator import faults, platforms
from simulator.faults import Kind
from simulator.models import Page, Person


def person_of(page: Page, name: str) -> Person:
    """Somebody by that name, known to the page from now on."""
    external_id = platforms.of(page).person_id(page, name)
    person, _ = Person.objects.get_or_create(page=page, external_id=external_id, defaults={"name": name})
    person.page = page  # the very one at hand, so that nobody fetches it again
    return person


# Spaces that do not break, tags, entities, an escape spelled out, signs of several code points, line separators.
NASTY = " \u00a0«\u202f<b>&amp;\\u00e9\u2028\u2029 e\u0301 \U0001f9d1\u200d\u2695\ufe0f \"'</script>»"


def worded(page: Page, text: str) -> str:
    """What somebody wrote, in whatever characters they found."""
    return text + NASTY if text and faults.take(page, Kind.NASTY_TEXT) else text


def acted(person: Person, at: datetime) -> None:
    """The person wrote, pressed or reacted: windows are counted from the last time."""
    if person.acted_at is None or person.acted_at < at:
        person.acted_at = at
        person.save(update_fields=["acted_at"])
