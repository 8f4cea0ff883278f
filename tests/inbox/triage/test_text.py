import pytest

from inbox.triage.text import Span, Text


@pytest.mark.parametrize(
    "original", ["Mal au CŒUR", "e\u0301te\u0301", "İstanbul ß ﬁn", "💊🤮\ufe0f ok", "a\u00a0b\tc", "नहीं ज़िंदगी", "لا يستطيعُ"]
)
def test_folding_keeps_every_position(original):
    assert len(Text(original).folded) == len(original)


def test_folding_takes_away_accents_case_and_typography():
    assert Text("J’ai ÉTÉ à l’Hôpital — « ça »\u00a0!").folded == "j'ai ete a l'hopital - « ca » !"


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        ("Vous êtes fins. Merci! Ok", ["Vous êtes fins.", " Merci!", " Ok"]),
        ("39.5 de fièvre", ["39.5 de fièvre"]),
        ("une\ndeux", ["une\n", "deux"]),
        ("不能呼吸。救命！快来", ["不能呼吸。", "救命！", "快来"]),
        ("سانس نہیں۔ مدد", ["سانس نہیں۔", " مدد"]),
        ("", [""]),
    ],
)
def test_sentences(original, expected):
    assert [original[start:end] for start, end in Text(original).sentences] == expected


def test_clauses_end_at_commas_that_are_no_decimals_and_at_but():
    original = "il a 39,5, mais il dort"
    assert [original[start:end] for start, end in Text(original).clauses] == ["il a 39,5,", " mais", " il dort"]


def test_the_clause_and_sentence_of_a_place():
    text = Text("un, deux. trois")
    assert text.clause(5) == Span(3, 9)
    assert text.sentence(12) == Span(9, 15)


def test_each_character_of_chinese_is_a_word_and_marks_end_none():
    assert [len(Text(words).words) for words in ("不能呼吸", "नहीं", "لا يستطيعُ")] == [4, 1, 2]


@pytest.mark.parametrize(("one", "other", "expected"), [(Span(0, 2), Span(3, 7), 0), (Span(0, 2), Span(14, 20), 2)])
def test_words_between(one, other, expected):
    assert Text("un deux trois quatre").words_between(one, other) == expected


@pytest.mark.parametrize(
    "original",
    [
        "j'vais vous casser les vitres",
        "J’VAIS VOUS CASSER LES VITRES",
        "jvais vous casser les vitres",
        "j vais vous caaaasser les vitres",
        "j'vais vous cas\u200bser les vitres",
    ],
)
def test_cues_point_into_the_text_as_it_came(original):
    [cue] = Text(original).cues["threats.aggression"]
    assert original[cue.start : cue.end].lower().startswith("ca")
    assert cue.end == len(original)
