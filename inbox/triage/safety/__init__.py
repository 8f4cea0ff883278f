from collections.abc import Iterable, Iterator

from inbox.triage.findings import Context, Finding
from inbox.triage.safety import adverse, endangered, learned, special
from inbox.triage.safety.scene import Scene
from inbox.triage.text import Text


def find(text: Text, context: Context, crises: Iterable[Finding] = ()) -> Iterator[Finding]:
    scene = Scene(text, context)
    crises = tuple(crises)
    found = (*adverse.reactions(scene), *special.situations(scene), *endangered.by_medicines(scene, crises))
    persons = [finding for finding in found if not endangered.is_an_animals(scene, finding)]
    yield from persons or (() if found or crises else learned.find(scene))
