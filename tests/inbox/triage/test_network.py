"""The network that hears how a thing is told; what holds for the transformer too (test_transformer.py) is asked of both."""

import pytest

from inbox.triage import network, transformer
from inbox.triage.findings import Context
from inbox.triage.network import inputs
from inbox.triage.network.layers import SAFE
from inbox.triage.reading import read
from inbox.triage.text import Text
from inbox.triage.topics.names import Topic

READERS = (network, transformer)


def heard(text):
    return network.heard(Text(text))


@pytest.mark.parametrize("reader", READERS)
def test_it_was_taught_by_the_examples_as_they_are(reader):
    assert reader.learned().digest == reader.digest(), f"run: python -m {reader.__name__}.train"


@pytest.mark.parametrize("reader", READERS)
def test_it_knows_every_topic_and_every_kind_of_danger(reader):
    said = reader.heard(Text("Êtes-vous ouverts demain?"))
    assert set(said.topics) == set(Topic)
    assert set(said.dangers) == {SAFE, "self_harm", "emergency", "poisoning", "threat", "medication_error"}
    assert sum(said.dangers.values()) == pytest.approx(1)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("told", "other"),
    [
        ("he stopped breathing", "I stopped breathing when I saw the bill, lol"),
        ("mon chum respire plus", "plus capable de respirer l'odeur de votre nettoyant lol"),
        ("elle a avalé le bouchon pis elle devient bleue", "j'ai avalé mon café de travers en voyant vos prix"),
    ],
)
def test_how_it_is_told_counts(reader, told, other):
    assert reader.heard(Text(told)).danger > 0.5 > reader.heard(Text(other)).danger


def test_a_mistyped_word_is_heard_by_its_pieces():
    assert "avalllé" not in network.learned().word
    assert heard("mon bébé a avalllé une pile").danger > 0.5


@pytest.mark.parametrize("text", ["", "   ", "💊", "?!", "\u200b", "字" * 300])
def test_whatever_is_written_is_heard(text):
    assert 0 <= heard(text).danger <= 1 and 0 <= heard(text).adverse_event <= 1


def test_a_number_counts_as_one_and_not_for_its_digits():
    first, second = (inputs.read(Text(f"mon numéro est le 514-555-01{end}")).words for end in (42, 99))
    assert first == second and not any(digit in word for word in first for digit in "123456789")


def test_a_danger_is_heard_wherever_it_stands():
    filler = "Je voulais aussi vous dire que la vitrine est bien belle cette année. " * 20
    assert read(f"{filler} mon fils vient d'avaler tout le pot de pilules de sa grand-mère", Context()).urgency == "now"


def test_a_word_is_in_the_groups_of_the_lists_that_cover_it():
    told = inputs.read(Text("Bonjour, je veux mourir"))
    of = dict(zip(told.words, told.groups, strict=True))
    assert any(group.startswith(("self_harm.", "dark.")) for group in of["mourir"])
    assert not any(group.startswith(("self_harm.", "dark.")) for group in of["bonjour"])
