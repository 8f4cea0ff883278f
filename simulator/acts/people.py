from simulator import platforms
from simulator.models import Page, Person


def person_of(page: Page, name: str) -> Person:
    """Somebody by that name, known to the page from now on."""
    external_id = platforms.of(page).person_id(page, name)
    return Person.objects.get_or_create(page=page, external_id=external_id, defaults={"name": name})[0]
