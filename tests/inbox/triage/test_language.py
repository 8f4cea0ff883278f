import json
import subprocess
import sys
from pathlib import Path

import pytest

from inbox.triage import read
from inbox.triage.findings import Context
from inbox.triage.lexicons import words
from inbox.triage.writer.language import detect


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour", "BONJOUR", "merci", "Merci!!", "ok merci", "svp", "Allo", "Salut", "Oui", "ouvert?",
        "ouvert lundi?", "Prix?",
        "dispo?", "c'est combien?", "C’est combien?", "Fermé dimanche?", "rdv grippe", "J'aime", "Êtes vous ouvert",
        "etes vous ouverts",
        "vous fermez à quelle heure", "Quel bon service", "L’équipe est super", "Bravo à l'équipe", "chu pu capable",
        "vs avez tu des tests",
        "y a-tu du monde?", "Livrez-vous?", "Avez vous encore du vaccin pis ça prend-tu un rendez-vous",
        "Est-ce que la pharmacie est ouverte le lundi de l'Action de grâce?", "Je voudrais parler à la pharmacienne 😊",
        "@julie regarde, c'est ouvert dimanche https://exemple.example.com/the-hours-of-the-store",
    ],
)  # fmt: skip
def test_french_is_heard_however_short(text):
    assert detect(text) == "fr"


@pytest.mark.parametrize(
    "text",
    [
        "hi", "Hello", "thanks", "Thanks!", "Thank you", "ok thx", "YES", "open monday?", "hours?", "how much",
        "Great service", "Love it",
        "closed sunday?", "flu shots?", "Parking?", "are you open today", "can i walk in", "do u deliver",
        "need refill pls",
        "see you tomorrow", "is there parking", "Where do I report a side effect?",
        "Do you have the shingles shot in stock?",
        "I’ve been waiting for an hour",
        "@julie look, they’re open https://exemple.example.com/les-heures-de-la-pharmacie",
    ],
)  # fmt: skip
def test_english_is_heard_however_short(text):
    assert detect(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "Hola, están abiertos el lunes?", "¿Cuánto cuesta la vacuna de la gripe?", "gracias por todo su ayuda amigos",
        "Olá, vocês abrem no domingo?", "Buongiorno, siete aperti domani mattina?",
        "Guten Tag, haben Sie am Sonntag geöffnet?",
        "Bonjou, èske nou louvri jodi a?", "Xin chào, hôm nay có mở cửa không?", "مرحبا هل أنتم مفتوحون اليوم",
        "您好，今天开门吗", "Доброго дня",
    ],
)  # fmt: skip
def test_a_third_language_is_other(text):
    assert detect(text) == "other"


@pytest.mark.parametrize(
    "text", ["", "   ", "😍😍", "??", "12:30", "👍🏽", "https://example.com", "@julie", "#ouvert", "Tylenol", "lol", "Mmm"]
)
def test_a_text_that_does_not_tell_has_no_language(text):
    assert detect(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Merci beaucoup / thank you so much",
        "Hey salut, do you guys have du Tylenol pour enfant in stock? J'en trouve nowhere",
        "omg le flu shot m'a knock out pendant 2 jours, c'est tu normal ou I should call someone",
    ],
)
def test_who_mixes_both_is_answered_in_french(text):
    assert detect(text) == "fr"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Bonjour, can you please answer me in English, je parle pas bien français", "en"),
        ("Salut, pouvez-vous me répondre en anglais please, I don't read much French", "en"),
        ("Salut, can you check si mon refill est prêt svp", "fr"),
        ("Hi, pouvez-vous me répondre en français please, I can't write well in English", "fr"),
        ("Avez-vous le dépliant en anglais?", "fr"),
    ],
)
def test_who_mixes_both_is_answered_in_french_unless_they_ask_for_english(text, language):
    assert detect(text) == language


def test_one_word_of_french_in_an_english_text_does_not_make_it_mixed():
    assert detect("Merci! I was so happy with the help your staff gave my mother") == "en"


TEXTS = [json.loads(line) for line in Path(__file__).with_name("languages.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("each", TEXTS, ids=lambda each: each["text"][:60])
def test_texts_as_people_type_them(each):
    assert detect(each["text"]) == each["language"]


def test_the_two_word_lists_share_almost_nothing():
    both = words("languages", "fr") & words("languages", "en")
    assert len(both) < 12, sorted(both)


def test_the_model_is_not_loaded_for_a_text_that_the_lists_decide():
    code = (
        "from inbox.triage.writer import language; language.detect('Bonjour, ouvert lundi?'); "
        "assert language._model.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("text", "first"), [("¿Tienen la vacuna contra la gripe para mi niño?", "language"), ("Avez-vous le vaccin?", "vaccine")]
)
def test_a_third_language_is_a_topic_of_its_own(text, first):
    assert read(text, Context()).topics[0] == first
