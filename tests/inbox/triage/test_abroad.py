"""What is told in other languages than French and English: of each, what is beside its words, and messages that taught it."""

import json
from pathlib import Path

import pytest

from inbox.triage import abroad, read
from inbox.triage.findings import Context, Family, Urgency
from inbox.triage.text import Text
from inbox.triage.words import lexicon

HERE = Path(__file__).parent
NOTHING = Context()


def rows(name):
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


WRITTEN = rows("abroad_written.jsonl")
AT_HOME = [
    row["text"] for name in ("written", "crisis_written", "written_adverse_events", "samples") for row in rows(f"{name}.jsonl")
]


def types(text):
    return {finding.type for finding in read(text, NOTHING).findings if finding.family is not Family.IDENTIFIER}


@pytest.mark.parametrize("row", [row for row in WRITTEN if row["type"]], ids=lambda row: row["text"][:40])
def test_danger_and_events_are_found(row):
    assert row["type"] in types(row["text"])


@pytest.mark.parametrize("row", [row for row in WRITTEN if not row["type"]], ids=lambda row: row["text"][:40])
def test_an_ordinary_question_is_none(row):
    assert not types(row["text"])


def test_each_language_has_its_messages():
    assert {row["lang"] for row in WRITTEN} == set(lexicon.ABROAD)


def test_french_and_english_are_none_of_them():
    """But what is written in another language among them."""
    assert [text for text in AT_HOME if any(abroad.find(Text(text))) and read(text, NOTHING).language != "other"] == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Em không muốn sống nữa", "self_harm"),
        ("ابني شرب من زجاجة مبيض", "poisoning"),
        ("我爸爸喘不过气", "emergency"),
        ("mi papá se tomó el frasco de gotas", "poisoning"),  # too short for its language to be known
    ],
)
def test_danger_leads_and_the_language_follows(text, first):
    reading = read(text, NOTHING)
    assert reading.topics[:2] == (first, "language")
    assert reading.urgency is Urgency.NOW


def test_an_event_is_for_soon_and_needs_somebody_who_reads_it():
    reading = read("После прививки у меня сыпь", NOTHING)
    assert (reading.topics[0], reading.urgency, reading.is_adverse_event) == ("language", Urgency.SOON, True)


@pytest.mark.parametrize(
    "text", ["我儿子把奶奶的降压药吃了三粒", "mi papá se tomó el frasco de gotas", "mwen pran trant konprime yè swa"]
)
def test_too_much_of_a_medicine_is_an_event_as_well(text):
    assert {finding.special for finding in read(text, NOTHING).findings if finding.type == "adverse_event"} == {"overdose"}


def test_a_cleaner_is_no_medicine():
    assert types("Pitit mwen an bwè klowòks") == {"poisoning"}


@pytest.mark.parametrize(
    ("text", "group", "words"),
    [
        ("妈妈，我儿子误吞了纽扣电池！", "abroad_chinese.child", "儿子"),
        ("لا يستطيعُ التنفُّس", "abroad_arabic.breath", "لا يستطيعُ التنفُّس"),  # vowel marks
        ("أبي لا يستطـيع التنفس", "abroad_arabic.breath", "لا يستطـيع التنفس"),  # a stretched letter
        ("مي‌خوام بميرم", "abroad_farsi.dying", "مي‌خوام بميرم"),  # on an Arabic keyboard
        ("मेरे बेटे ने ब्लीच पी लिया", "abroad_hindi_urdu.harmful", "ब्लीच"),
        ("मै मरना चाहता हू", "abroad_hindi_urdu.dying", "मरना चाहता"),  # without its dots
        ("எனக்கு வாழ பிடிக்கவில்லை", "abroad_tamil.living", "வாழ பிடிக்கவில்லை"),
        ("toi khong muon song nua, dau qua", "abroad_vietnamese.living", "khong muon song"),  # without its marks
        ("Ο ΠΑΤΕΡΑΣ ΜΟΥ ΔΕΝ ΑΝΑΠΝΕΕΙ", "abroad_greek.breath", "ΔΕΝ ΑΝΑΠΝΕΕΙ"),
    ],
)
def test_words_are_found_where_they_stand(text, group, words):
    [cue] = Text(text).cues[group]
    assert text[cue.start : cue.end] == words
