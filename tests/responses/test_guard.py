"""The numbers here are nobody's: made up, or test vectors."""

from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from responses import guard

BLOCK, WARN = guard.Level.BLOCK, guard.Level.WARN


def seen(text, *, public=True, allowed=()):
    return [(finding.code, finding.level) for finding in guard.check(text, public=public, allowed=allowed)]


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour Julie, merci de nous écrire! Oui, nous sommes ouverts lundi de 9 h à 17 h.",
        "Hi Julie, thanks for writing! Yes, we are open on Monday.",
        "Si c’est grave, appelez le 911. Info-Santé répond au 811. Centre antipoison : 1 800 463-5060. 1 866 277-3553.",
        "Pour votre ordonnance, appelez-nous et demandez un pharmacien.",
        "Votre mot fait plaisir à toute l’équipe!",
        "Ne changez rien à un traitement avant d’en parler avec un professionnel.",
        "Le RAMQ, le DIN et l’OPQ sont des sigles.",
        "Nous serons fermés le 25 décembre 2026.",
    ],
)
@pytest.mark.parametrize("public", [True, False])
def test_a_good_answer_passes(text, public):
    assert seen(text, public=public) == []


# code, a text that has it, in public, in private
TABLE = [
    ("health_number", "Votre numéro ZORM 6253 1492 est bien noté.", BLOCK, BLOCK),
    ("health_number", "quib85031293", BLOCK, BLOCK),
    ("sin", "Le 222 222 226 est bien noté.", BLOCK, BLOCK),
    ("rx_number", "L’ordonnance no 6452187 est chez nous.", BLOCK, BLOCK),
    ("record_number", "Le dossier 88213 est ouvert.", BLOCK, BLOCK),
    ("birth_date", "Vous êtes née le 14 mars 1962.", BLOCK, BLOCK),
    ("phone", "Appelez ma collègue au 514-555-0142.", BLOCK, WARN),
    ("email", "Écrivez à ana@example.com.", BLOCK, WARN),
    ("email", "Écrivez à ana arobase exemple point com.", BLOCK, WARN),
    ("postal_code", "On livre au H2X 0Z9.", BLOCK, WARN),
    ("address", "On livre au 1450 rue Imaginaire.", BLOCK, WARN),
    ("din", "Demandez le DIN 02241234.", BLOCK, None),
    ("confirms", "C’est inscrit à votre dossier.", BLOCK, WARN),
    ("confirms", "Votre ordonnance est prête!", BLOCK, WARN),
    ("confirms", "Vos médicaments sont prêts.", BLOCK, WARN),
    ("confirms", "Lors de votre dernière visite, tout allait bien.", BLOCK, WARN),
    ("confirms", "Comme vous êtes notre patiente, venez.", BLOCK, WARN),
    ("confirms", "Contents de vous avoir servie!", BLOCK, WARN),
    ("confirms", "Your prescription is ready.", BLOCK, WARN),
    ("confirms", "As our patient, you know the way.", BLOCK, WARN),
    ("denies", "Vous n’êtes pas notre patient.", BLOCK, BLOCK),
    ("denies", "We have no record of you.", BLOCK, BLOCK),
    ("drug_name", "Oui, nous avons de l’Ozempic.", BLOCK, None),
    ("drug_name", "We do carry AMOXICILLIN.", BLOCK, None),
    ("drug_name", "La métformine, oui.", BLOCK, None),
    ("advice", "Arrêtez de prendre le sirop.", BLOCK, WARN),
    ("advice", "Prenez deux comprimés ce soir.", BLOCK, WARN),
    ("advice", "You can skip your next dose.", BLOCK, WARN),
    ("advice", "Stop taking it.", BLOCK, WARN),
    ("advice", "Ne vous en faites pas, c’est normal.", BLOCK, WARN),
    ("rebate", "Il y a un rabais sur ce médicament.", BLOCK, WARN),
    ("rebate", "A free gift with each prescription!", BLOCK, WARN),
    ("placeholder", "Bonjour {first_name}, merci.", BLOCK, BLOCK),
    ("placeholder", "Bonjour } merci.", BLOCK, BLOCK),
    ("link", "Voir https://ailleurs.example.com/page", WARN, WARN),
    ("claim", "C’est garanti.", WARN, WARN),
    ("shouting", "MERCI DE RESPECTER LES HEURES", WARN, WARN),
    ("exclamation", "Merci!!", WARN, WARN),
    ("greeting", "Bonjour Julie, bonjour! Oui.", WARN, WARN),
    ("greeting", "Hi Julie! Hello, yes.", WARN, WARN),
    ("blame", "Vous auriez dû appeler.", WARN, WARN),
]


@pytest.mark.parametrize(("code", "text", "public", "private"), TABLE)
def test_each_rule_finds_what_it_is_for(code, text, public, private):
    assert seen(text, public=True) == [(code, public)]
    assert seen(text, public=False) == ([(code, private)] if private else [])


def test_every_rule_is_tried_here_and_documented():
    codes = {rule.code for rule in guard.RULES}
    text = Path(settings.BASE_DIR, "docs/template-fields.md").read_text(encoding="utf-8")
    assert codes == {row[0] for row in TABLE}
    assert all(f"`{code}`" in text for code in codes)


@pytest.mark.parametrize(
    "text",
    [
        "Appelez au 418 555-0101.",
        "Appelez au (418) 555-0101.",
        "Appelez au +1 418-555-0101.",
        "Appelez au 4185550101.",
        "Nous sommes au 12, rue du Quai, Villefictive.",
        "Réservez : https://quai.example.com/rendez-vous.",
        "Réservez : HTTPS://QUAI.EXAMPLE.COM/rendez-vous",
    ],
)
def test_what_is_ours_is_no_finding(text):
    ours = ["418 555-0101", "12, rue du Quai, Villefictive", "https://quai.example.com/rendez-vous", ""]
    assert seen(text, allowed=ours) == []
    assert seen(text) != []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("418 555-0102", "phone"),
        ("1418 555-01019", None),
        ("https://quai.example.com.ailleurs.net", "link"),
        ("https://quai.example.community", "link"),
    ],
)
def test_what_only_looks_like_ours_is_found(text, code):
    found = seen(text, allowed=["418 555-0101", "https://quai.example.com"])
    assert [entry[0] for entry in found] == ([code] if code else [])


def test_a_rebate_counts_only_near_a_medicine():
    apart = "x" * 80
    assert [code for code, _ in seen("Rabais sur les crayons.")] == []
    assert [code for code, _ in seen(f"Rabais {apart} médicament")] == []
    assert [code for code, _ in seen("Rabais sur un médicament")] == ["rebate"]


def test_findings_stand_in_the_order_of_the_text_and_say_where():
    text = "Merci!! Écrivez à ana@example.com."
    findings = guard.check(text, public=True)
    assert [text[slice(*finding.span)] for finding in findings] == ["!!", "ana@example.com"]


def test_a_finding_speaks_the_language_of_the_reader():
    (finding,) = guard.check("Bonjour {x}", public=True)
    with translation.override("en"):
        assert str(finding.message) == "A field is not filled in."
