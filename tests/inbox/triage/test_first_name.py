import json
from pathlib import Path

import pytest

from inbox.triage.lexicons import fold, words
from inbox.triage.writer.first_name import first_name


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        # as people write it
        ("Julie Exemple", "Julie"),
        ("Julie", "Julie"),
        ("Julie E.", "Julie"),
        ("julie exemple", "Julie"),
        ("JULIE EXEMPLE", "Julie"),
        ("Jo", "Jo"),
        ("Zoë Exemple", "Zoë"),
        ("Helene Exemple", "Helene"),
        ("Mark O’Neil", "Mark"),
        ("Éric Journaliste", "Éric"),
        ("Julie Page", "Julie"),
        ("e\u0301milie exemple", "Émilie"),
        # two names that are one
        ("Jean-Pierre Exemple", "Jean-Pierre"),
        ("JEAN-PIERRE EXEMPLE", "Jean-Pierre"),
        ("marie-ève exemple", "Marie-Ève"),
        ("Marie\u2011Ève Exemple", "Marie-Ève"),
        ("Marie Ève Exemple", "Marie Ève"),
        ("Marie Ève", "Marie Ève"),
        ("ANNE MARIE EXEMPLE", "Anne Marie"),
        ("Jean Simon", "Jean"),  # Simon is a family name as well
        ("Jean Simon Exemple", "Jean Simon"),
        ("Julie Anne Catherine Exemple", "Julie"),
        # ornaments and asides
        ("🌸 Julie 🌸", "Julie"),
        ("Julie❤️ Exemple", "Julie"),
        ("Marie-Josée (Jo) Exemple", "Marie-Josée"),
        ("Julie\u200b Exemple", "Julie"),
        ("𝓙𝓾𝓵𝓲𝓮 Exemple", "Julie"),
        # the family name first
        ("EXEMPLE Julie", "Julie"),
        ("MARTIN Julie", "Julie"),
        ("Exemple, Julie", "Julie"),
        ("Julie, maman de 3", "Julie"),
        # other scripts, when the name is known
        ("Юлия Примерова", "Юлия"),
        ("فاطمة مثال", "فاطمة"),
    ],
)
def test_a_certain_first_name_is_found(shown, expected):
    assert first_name(shown) == expected


@pytest.mark.parametrize(
    "shown",
    [
        "", "   ", "🌸", "123", "...", "\u200b",
        # initials
        "JP", "J P", "J. Exemple", "JO Exemple", "C. L.", "Jean-P. Exemple",
        # handles
        "@julie", "@julie_t", "julie_t", "julie.t", "Julie2", "xX_fred_Xx", "jess.mtl", "TruthSeeker99",
        # titles
        "Dr Julie Exemple", "Dre. Julie", "Mme Julie Exemple", "M. Exemple", "Maman de Julie",
        # more than one person
        "Lise et Marcel", "Julie & Marc", "Julie/Marc", "Julie, Marc", "Julie and Marc Sample", "Famille Exemple",
        # nobody
        "Facebook User", "Utilisateur Facebook", "Anonyme", "Vérité Québec", "Réveil Citoyen",
        # businesses
        "Pharmacie du Vieux-Quai", "Club Optimiste Exemple", "Chez Julie", "Salon Julie", "Julie Coiffure", "Promo Cash 247",
        # which one is it?
        "Martin Julie", "Roy Julie", "MARTIN JULIE", "Martin, Julie", "Exemple Julie", "李明",
        # not a name that we know
        "Exemple", "Bonjour Toi", "é" * 30,
    ],
)  # fmt: skip
def test_an_uncertain_first_name_is_none(shown):
    assert first_name(shown) == ""


NAMES = [json.loads(line) for line in Path(__file__).with_name("first_names.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("each", NAMES, ids=lambda each: each["author"])
def test_names_as_quebec_has_them(each):
    assert first_name(each["author"]) == each["first_name"]


def test_a_name_is_at_most_twenty_letters_long():
    assert first_name("Marie-Anne-Catherine") == "Marie-Anne-Catherine"
    assert len("Marie-Anne-Catherine") == 20
    assert first_name("Marie-Anne-Catherines") == ""


def test_no_word_that_denies_a_name_is_itself_on_the_list_of_names():
    names = words("first_names", "latin") | words("more_first_names", "latin")
    assert not names & words("not_names", "anywhere")
    assert not names & words("not_names", "first")


def test_names_are_compared_without_accents_and_case():
    assert fold("ÉLÉONORE") == fold("eleonore") == fold("E\u0301le\u0301onore")
