from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from responses import wording

NBSP = "\u00a0"
VALUES = wording.EXAMPLES["fr"]


def codes(problems):
    return [problem.code for problem in problems]


# --- the list of fields ---------------------------------------------------------------------------------


def test_every_field_is_documented_and_nothing_else_is():
    text = Path(settings.BASE_DIR, "docs/template-fields.md").read_text(encoding="utf-8")
    rows = [line.split("`{")[1].split("}`")[0] for line in text.splitlines() if line.startswith("| `{")]
    assert rows == [field.name for field in wording.FIELDS]


def test_only_the_answer_is_filled_by_staff_and_only_the_first_name_may_be_empty():
    assert [field.name for field in wording.FIELDS if field.filled_by is wording.Filler.STAFF] == ["answer"]
    assert [field.name for field in wording.FIELDS if field.may_be_empty] == ["first_name"]


def test_fields_are_named_once_in_the_order_they_appear():
    assert wording.fields_in("{answer} {first_name} {answer}") == ("answer", "first_name")


# --- what is wrong with a text --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Bonjour {first_name}, {answer}", []),
        ("Bonjour!", []),
        ("", ["empty"]),
        (" \n\t ", ["empty"]),
        ("Bonjour {prenom}", ["unknown_field"]),
        ("Bonjour { first_name }", ["unknown_field"]),
        ("Bonjour {}", ["unknown_field"]),
        ("Bonjour {FIRST_NAME}", ["unknown_field"]),
        ("Bonjour {first_name", ["unbalanced"]),
        ("Bonjour first_name}", ["unbalanced"]),
        ("Bonjour {{first_name}}", ["unbalanced"]),
        ("{answer} et {answer}", ["answer_twice"]),
        ("x" * wording.MAX_BODY, []),
        ("x" * (wording.MAX_BODY + 1), ["too_long"]),
        ("abc\u202edef", ["control"]),
        ("abc\x00def", ["control"]),
        ("a\u200bb", ["control"]),
        ("Une ligne\r\nune autre", []),
    ],
)
def test_a_text_is_checked_for_what_cannot_be_rendered(body, expected):
    assert codes(wording.check(body)) == expected


def test_a_problem_names_the_field_it_is_about():
    with translation.override("en"):
        assert "{prenom}" in str(wording.check("Bonjour {prenom}")[0])


@pytest.mark.parametrize(
    ("french", "english", "fields"),
    [
        ("{answer} {first_name}", "{first_name} {answer}", 0),
        ("{answer}", "", 1),
        ("", "{answer}", 1),
        ("{answer}", "{signature}", 2),
    ],
)
def test_twins_ask_for_the_same_fields(french, english, fields):
    assert len(wording.twins(french, english)) == fields


# --- rendering ------------------------------------------------------------------------------------------


def test_values_are_put_where_the_fields_stand():
    body = "Bonjour {first_name}! {answer} Appelez-nous au {location_phone}."
    text = wording.render(body, {"first_name": "Julie", "answer": "Oui, lundi.", "location_phone": "418 555-0101"})
    assert text == "Bonjour Julie! Oui, lundi. Appelez-nous au 418 555-0101."


def test_what_a_value_holds_is_never_read_as_a_field():
    text = wording.render("{first_name} {answer}", {"first_name": "{answer}", "answer": "{first_name} {signature}"})
    assert text == "{answer} {first_name} {signature}"


def test_an_unknown_field_is_refused():
    with pytest.raises(wording.UnknownField, match="prenom"):
        wording.render("Bonjour {prenom}", {"prenom": "Julie"})


@pytest.mark.parametrize("value", [None, "", "   ", "\u200b", "\x00"])
def test_a_field_without_a_value_is_refused(value):
    values = {} if value is None else {"answer": value}
    with pytest.raises(wording.MissingField, match="answer"):
        wording.render("Bonjour, {answer}", values)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Bonjour {first_name}, merci!", "Bonjour, merci!"),
        ("Hi {first_name}, thanks!", "Hi, thanks!"),
        ("Merci {first_name}!", "Merci!"),
        (f"Merci {{first_name}}{NBSP}!", f"Merci{NBSP}!"),
        (f"Bonjour{NBSP}{{first_name}}, merci", "Bonjour, merci"),
        ("Merci beaucoup, {first_name}! À bientôt.", "Merci beaucoup! À bientôt."),
        ("Merci, {first_name}.", "Merci."),
        ("Bonjour, {first_name}, merci", "Bonjour, merci"),
        ("{first_name}, merci de votre mot.", "Merci de votre mot."),
        ("{first_name}! Merci.", "Merci."),
        ("Bonjour! {first_name}, merci.", "Bonjour! Merci."),
        ("Bonjour,\n{first_name}, écrivez-nous.", "Bonjour,\nÉcrivez-nous."),
        ("Bonjour {first_name}\nMerci", "Bonjour\nMerci"),
        ("Merci {first_name} pour ce mot.", "Merci pour ce mot."),
        ("Bonjour {first_name}", "Bonjour"),
    ],
)
def test_without_a_certain_first_name_the_sentence_stays_whole(body, expected):
    assert wording.render(body, {"first_name": ""}) == expected
    assert wording.render(body, {}) == expected


@pytest.mark.parametrize(
    ("answer", "after", "expected"),
    [
        ("Oui, lundi", " Nos heures", "Oui, lundi. Nos heures"),
        ("Oui, lundi.", " Nos heures", "Oui, lundi. Nos heures"),
        ("Oui, lundi!", " Nos heures", "Oui, lundi! Nos heures"),
        ("Oui, lundi.", ". Nos heures", "Oui, lundi. Nos heures"),
        ("Vraiment?", ". Nos heures", "Vraiment? Nos heures"),
        ("oui", " et merci", "oui et merci"),
        ("Voir https://exemple.example.com", " Nos heures", "Voir https://exemple.example.com Nos heures"),
        ("Oui 😊", " Nos heures", "Oui 😊 Nos heures"),
        ("Oui", "", "Oui."),
    ],
)
def test_an_answer_ends_its_sentence_once(answer, after, expected):
    assert wording.render("{answer}" + after, {"answer": answer}) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("  Oui  lundi ", "Oui lundi."),
        ("Oui\r\nlundi", "Oui\nlundi."),
        ("Oui\n\n\n\nlundi", "Oui\n\nlundi."),
        ("Oui\tlundi", "Oui lundi."),
        ("O\x00ui\x07", "Oui."),
        ("\u202eOui\u202c \u2066lundi\u2069", "Oui lundi."),
        ("e\u0301te\u0301", "été."),
        (f"Prix{NBSP}: 5{NBSP}$", f"Prix{NBSP}: 5{NBSP}$"),
        ("Famille 👩‍👧", "Famille 👩‍👧"),
        ("\ud800Oui", "Oui."),
    ],
)
def test_a_value_is_cleaned_before_it_is_used(value, expected):
    assert wording.render("{answer}", {"answer": value}) == expected


def test_a_field_of_one_line_stays_on_one_line():
    assert wording.render("Bonjour {first_name}, merci", {"first_name": "Ju\nlie"}) == "Bonjour Ju lie, merci"


def test_a_no_break_space_stays_as_the_template_has_it():
    body = f"Voici{NBSP}: {{hours_link}}. Quoi{NBSP}? Oui{NBSP}!"
    assert wording.render(body, VALUES) == f"Voici{NBSP}: {VALUES['hours_link']}. Quoi{NBSP}? Oui{NBSP}!"


# --- segments -------------------------------------------------------------------------------------------


def test_segments_tell_locked_words_from_fields():
    kinds = [(segment.kind, segment.text, segment.field) for segment in wording.segments("Bonjour {first_name}, {answer}")]
    assert kinds == [("locked", "Bonjour ", ""), ("field", "", "first_name"), ("locked", ", ", ""), ("field", "", "answer")]


def test_segments_with_values_make_the_text_that_leaves():
    body = "Bonjour {first_name}, merci! {answer} Au {location_phone}."
    for name in ("Julie", ""):
        values = VALUES | {"first_name": name}
        assert "".join(segment.text for segment in wording.segments(body, values)) == wording.render(body, values)


# --- what is filled in ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"answer": "Oui."}, []),
        ({"answer": ""}, ["missing"]),
        ({}, ["missing"]),
        ({"answer": "x" * wording.MAX_ANSWER}, []),
        ({"answer": "x" * (wording.MAX_ANSWER + 1)}, ["answer_too_long"]),
    ],
)
def test_what_staff_fill_in_is_checked_at_its_limits(values, expected):
    assert codes(wording.check_values("Bonjour {first_name}, {answer}", values)) == expected


@pytest.mark.parametrize("name", ["", "Julie", "Marie-Ève", "Anne Sophie", "D’Arcy", "J. R.", "Zoe\u0301"])
def test_a_first_name_may_be_corrected(name):
    assert wording.check_values("Bonjour {first_name}!", {"first_name": name}) == []


@pytest.mark.parametrize(
    "words", ["a" * 41, "https://elsewhere.example", "Julie, appelez", "tout est gratuit ici", "elsewhere.example", "Julie 2"]
)
def test_a_first_name_is_no_slot_for_other_words(words):
    (problem,) = wording.check_values("Bonjour {first_name}!", {"first_name": words})
    assert problem.code == "not_a_name"
