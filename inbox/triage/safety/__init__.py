from collections.abc import Iterable, Iterator

from inbox.triage.findings import Context, Family, Finding
from inbox.triage.safety import adverse, endangered, learned, special
from inbox.triage.safety.learned import Weights
from inbox.triage.safety.scene import Scene
from inbox.triage.text import Text


def find(text: Text, context: Context, crises: Iterable[Finding] = (), weights: Weights | None = None) -> Iterator[Finding]:
    """By rules first. Where nobody is in danger, what the words together say adds to them and takes from them."""
    scene = Scene(text, context)
    crises = tuple(crises)
    found = (*adverse.reactions(scene), *special.situations(scene), *endangered.by_medicines(scene, crises))
    persons = [finding for finding in found if not endangered.is_an_animals(scene, finding)]
    if any(crisis.family is Family.CRISIS for crisis in crises):
        yield from persons
    elif not found:
        yield from learned.find(scene, weights)
    elif persons and not learned.denies(scene, weights):
        yield from persons


def of_crises(text: Text, context: Context, crises: Iterable[Finding]) -> Iterator[Finding]:
    """Who was endangered by a medicine, of dangers that were seen later."""
    scene = Scene(text, context)
    found = endangered.by_medicines(scene, crises)
    yield from (finding for finding in found if not endangered.is_an_animals(scene, finding))
