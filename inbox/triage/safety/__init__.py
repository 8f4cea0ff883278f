from collections.abc import Iterator

from inbox.triage.findings import Context, Finding
from inbox.triage.safety import adverse, special
from inbox.triage.safety.scene import Scene
from inbox.triage.text import Text


def find(text: Text, context: Context) -> Iterator[Finding]:
    scene = Scene(text, context)
    yield from adverse.reactions(scene)
    yield from special.situations(scene)
