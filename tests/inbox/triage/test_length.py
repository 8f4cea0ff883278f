"""However much somebody writes: it is read to a length, and says so; identifiers are looked for in all of it."""

import pytest

from inbox.triage import read
from inbox.triage.findings import Context, Urgency
from inbox.triage.reading import LONGEST
from inbox.triage.safety.scene import MOST, Scene
from inbox.triage.text import Text

FILLER = "Bonjour à toute l'équipe. "


def test_a_text_that_is_too_long_says_so_and_is_masked_to_its_end():
    text = FILLER * (LONGEST // len(FILLER) + 1) + "Mon NAM: TREM 8052 1234"

    reading = read(text, Context())

    assert not reading.whole
    assert [text[found.start : found.end] for found in reading.identifiers] == ["TREM 8052 1234"]


def test_what_stands_within_the_length_is_read_whole():
    text = (FILLER * (LONGEST // len(FILLER) - 2)) + "Je veux mourir."
    reading = read(text, Context())
    assert reading.whole and reading.urgency is Urgency.NOW


@pytest.mark.parametrize("unit", ["advil fièvre ", "💊🤮 "])
def test_of_products_and_events_no_more_are_weighed_than_anybody_tells(unit):
    scene = Scene(Text(unit * 500), Context())
    assert len(scene.products) <= MOST and len(scene.events) <= MOST


@pytest.mark.parametrize("run", [" ", "-", "'", "\n"])
def test_a_run_of_what_stands_between_words_is_read_once(run):
    """Where it were tried piece by piece, this would take hours."""
    assert read("A" + run * (LONGEST - 2) + "b", Context()).whole
