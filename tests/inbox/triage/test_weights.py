"""The learned weights of topics: that they belong to the corpus, and that they are worth having."""

from collections import Counter
from pathlib import Path

import pytest

from inbox.triage.language import detect
from inbox.triage.topics import train, weights
from inbox.triage.topics.names import Topic

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


@pytest.mark.slow
def test_a_fifth_of_the_corpus_gets_its_topic_from_what_the_others_taught():
    kept_out = [example for example in EXAMPLES if example.part == 0]
    taught = [example for example in EXAMPLES if example.part != 0]

    first, in_three = train.measure(kept_out, train.with_weights(train.learn(taught)))

    assert first >= 0.68 and in_three >= 0.85
