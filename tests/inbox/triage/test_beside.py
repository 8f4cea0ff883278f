"""A danger told in so many words stays one, whatever stands beside it: a name, a number, a question for the counter."""

import pytest

from inbox.triage import read
from inbox.triage.findings import Context, Urgency

PLAINLY = [
    "Je veux mourir.",
    "J’veux pu vivre.",
    "Je vais me tuer ce soir.",
    "Mon bébé respire plus.",
    "J’ai avalé toute la bouteille de Tylenol.",
    "I want to die.",
    "I’m going to kill myself tonight.",
    "My baby stopped breathing.",
    "I swallowed the whole bottle of Advil.",
]
POINTING = [
    "Appelez au 514 555-0177.",
    "Mon NAS: 130 692 544.",
    "Ma carte soleil: ZORM 6253 1492.",
    "Julie Exemple, 12 rue des Pins, Québec",
    "Dossier 88412.",
    "My number is 514 555-0177. DOB 1990-01-02",
    "julie@example.com",
]
ASKED = [
    "Ouvrez-vous le dimanche?",
    "Avez-vous reçu ma commande?",
    "Livrez-vous à Beauport?",
    "Mon renouvellement est-il prêt?",
    "Are you open on Sunday?",
    "Is my refill ready?",
    "Do you deliver?",
]


@pytest.mark.parametrize("beside", [*POINTING, *ASKED])
@pytest.mark.parametrize("danger", PLAINLY)
def test_what_is_said_plainly_is_now_whatever_follows_or_goes_before(danger, beside):
    for text in (f"{danger} {beside}", f"{beside.rstrip('.?')}. {danger}"):
        assert read(text, Context()).urgency is Urgency.NOW, text


COURTEOUS = [
    "Merci de me répondre, bonne journée!",
    "Thanks in advance, have a good day",
    "merci d’avance et bonne fin de semaine",
]
UNMARKED = ["ouvrez vous le dimanche", "ma commande est elle prête? Julie Exemple", "is my refill ready", "c’est combien vos bas"]


@pytest.mark.parametrize("beside", [*COURTEOUS, *UNMARKED])
@pytest.mark.parametrize(
    "danger",
    [
        "pépère a pris le poison à fourmis pour du miel",
        "lait contaminé au savon, le biberon",
        "can’t rouse my mother, she just moans",
    ],
)
def test_what_is_heard_alone_is_heard_beside_courtesies_and_what_is_asked_without_a_mark(danger, beside):
    for text in (danger, f"{danger} {beside}", f"{danger}\n{beside}", f"{danger}. {beside}"):
        assert read(text, Context()).urgency is Urgency.NOW, text


@pytest.mark.parametrize(
    "text",
    [
        "Merci d’avoir sauvé ma fille l’an passé, bonne journée à toute l’équipe!",
        "Pouvez-vous renouveler ma prescription, je vais mourir d’attendre lol. Merci d’avance!",
        "livrez vous à Beauport j’ai la grippe",
        "Mon mari est mort de rire devant votre pub, bonne soirée",
    ],
)
def test_courtesies_make_no_danger(text):
    assert read(text, Context()).urgency is not Urgency.NOW


SIDEWAYS = [
    ("J’en peux plus, tout le monde serait mieux sans moi.", "Appelez-moi au 514 555-0177."),
    ("Everyone would be better off without me.", "Call me at 418 555-0133."),
    ("J’ai mis mes affaires en ordre, je veux pas être sauvée.", "Livrez-vous à Beauport?"),
]


@pytest.mark.parametrize(("danger", "beside"), SIDEWAYS)
def test_what_no_rule_knows_is_heard_beside_them_too(danger, beside):
    for text in (danger, f"{danger} {beside}", f"{beside} {danger}"):
        assert read(text, Context()).urgency is Urgency.NOW, text


FIGURES = [
    "Je suis mort de rire, merci! Ouvrez-vous le dimanche?",
    "Y fait chaud à mourir. Livrez-vous des ventilateurs?",
    "Dying to try your new sunscreen. Do you deliver?",
    "C’est à mourir d’ennui dans la file. Appelez-moi au 514 555-0177 quand ma commande est prête.",
    "I could kill for a coffee. Are you open on Sunday?",
]


@pytest.mark.parametrize("text", FIGURES)
def test_a_figure_of_speech_stays_one_beside_them(text):
    assert read(text, Context()).urgency is not Urgency.NOW


def test_what_was_found_stands_where_it_stood():
    text = "Ma carte soleil: ZORM 6253 1492. Ouvrez-vous demain? Je veux mourir."

    [finding] = [found for found in read(text, Context()).findings if found.family == "crisis"]

    assert text[finding.start : finding.end] == "Je veux mourir"
