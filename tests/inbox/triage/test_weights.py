"""The learned weights of topics: that they belong to the corpus, and that they are worth having."""

from collections import Counter
from pathlib import Path

import pytest

from inbox.triage.findings import Context
from inbox.triage.reading import find
from inbox.triage.teaching import Everything
from inbox.triage.text import Text
from inbox.triage.topics import heard, train, weights
from inbox.triage.topics.features import tokens
from inbox.triage.topics.names import Topic
from inbox.triage.writer.language import detect

EXAMPLES = train.examples()


def test_the_weights_were_learned_from_the_corpus_as_it_is():
    assert weights.learned().digest == weights.digest(), "run: python -m inbox.triage.topics.train"


def test_the_corpus_holds_every_topic_in_both_languages():
    assert min(Counter(example.topic for example in EXAMPLES).values()) >= 40
    assert {example.topic for example in EXAMPLES} == set(Topic)
    assert {topic for example in EXAMPLES for topic in example.also} <= set(Topic)
    languages = Counter(detect(example.text) for example in EXAMPLES)
    assert languages["fr"] >= 1500 and languages["en"] >= 600


def test_no_example_is_there_twice():
    assert [text for text, count in Counter(example.text.lower() for example in EXAMPLES).items() if count > 1] == []


def test_messages_that_were_written_without_a_look_at_the_corpus_get_their_topic():
    written = train.examples([Path(__file__).parent / "topics_not_learned.jsonl"])
    assert not {example.text.lower() for example in written} & {example.text.lower() for example in EXAMPLES}

    first, in_three = train.measure(written, train.with_weights(weights.learned()))

    assert first >= 0.8 and in_three >= 0.92
    assert first > train.measure(written, train.by_rules)[0] + 0.1


def test_weights_are_read_as_they_were_written():
    learned = weights.learned()
    assert weights.read(weights.write(learned)) == learned


def test_what_an_identifier_says_is_not_learned_but_that_one_is_there():
    [with_a_number, with_another] = (
        _seen(f"mes pilules svp, mon numéro est le {number}") for number in ("514-555-0142", "418-555-0199")
    )
    assert with_a_number == with_another
    assert "_!!phone_" in with_a_number and not any("555" in name for name in with_a_number)


def test_what_the_detectors_found_is_heard():
    assert "!nothing" in _seen("Avez-vous du Tylenol?")
    assert {"!adverse_event", "!adverse_event&emergency", "!serious"} <= _seen(
        "Mon père a commencé votre pilule hier, pis là sa gorge enfle, il a de la misère à respirer"
    )


def _seen(words):
    text = Text(words)
    findings = find(text, Context())
    said = list(tokens(text, heard.identifiers(findings)))
    return {f"_{word}_" for word, _here in said} | {one.name for one in heard.beside_words(text, said, findings, Everything(()))}


@pytest.mark.slow
def test_what_other_writers_taught_gives_messages_their_topic():
    first, in_three = train.left_out(EXAMPLES, "by_others")
    assert first >= 0.75 and in_three >= 0.9
