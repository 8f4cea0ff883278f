from collections.abc import Iterable, Iterator

from inbox.triage.findings import Context, Family, Finding
from inbox.triage.safety import adverse, against, died, endangered, learned, special
from inbox.triage.safety.learned import Weights
from inbox.triage.safety.scene import Scene
from inbox.triage.text import Text


def find(text: Text, context: Context, crises: Iterable[Finding] = (), weights: Weights | None = None) -> Iterator[Finding]:
    """By rules first. What the words together say adds to them and takes from them, less where somebody is in danger."""
    scene = Scene(text, context)
    if against.not_begun(scene):
        return
    crises = tuple(crises)
    in_danger = any(crisis.family is Family.CRISIS for crisis in crises)
    found = tuple(_by_rules(scene, crises))
    held = [finding for finding in found if not learned.denies(scene, finding.rule, in_danger, weights)]
    more = learned.find(scene, in_danger, weights, doubted=bool(found)) if not held else ()
    yield from held
    yield from (finding for finding in more if not _is_no_event(scene, finding, crises))


def _by_rules(scene: Scene, crises: tuple[Finding, ...]) -> Iterator[Finding]:
    for finding in (*adverse.reactions(scene), *died.died(scene), *special.situations(scene), *_of_dangers(scene, crises)):
        if not _is_no_event(scene, finding, crises):
            yield finding


def _is_no_event(scene: Scene, finding: Finding, crises: tuple[Finding, ...]) -> bool:
    return endangered.is_an_animals(scene, finding) or endangered.is_only_planned(scene, finding, crises)


def _of_dangers(scene: Scene, crises: tuple[Finding, ...]) -> Iterator[Finding]:
    yield from endangered.by_medicines(scene, crises)
    yield from endangered.by_what_is_sold(scene, crises)
    yield from endangered.struck(scene, crises)
    yield from endangered.darkened(scene, crises)


def of_crises(text: Text, context: Context, crises: Iterable[Finding]) -> Iterator[Finding]:
    """Who was endangered by a medicine, of dangers that were seen later, by words alone."""
    scene = Scene(text, context)
    if against.not_begun(scene):
        return
    for finding in _of_dangers(scene, tuple(crises)):
        if not endangered.is_an_animals(scene, finding) and not learned.denies(scene, finding.rule, in_danger=True):
            yield finding
