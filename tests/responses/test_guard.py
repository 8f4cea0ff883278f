"""The numbers here are nobody's: made up, or test vectors."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from responses import guard

BLOCK, WARN = guard.Level.BLOCK, guard.Level.WARN


# A maker's page, below a post that names what it makes and a comment that names an illness.
MAKER = guard.Around(own=("Zolvaria", "Nuvexa Forte"), thread="Voici Zolvaria. Mon eczéma est revenu.")
OF_A_MAKER = {"own_claim", "own_linked", "own_use", "own_compared", "own_echo"}


def seen(text, *, public=True, **more):
    return [(finding.code, finding.level) for finding in guard.check(text, public=public, **more)]


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
    ("name", "Votre mère, Denise Lavoie, peut appeler.", WARN, WARN),
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
    ("advice", "Arrêtez de prendre le sirop.", BLOCK, BLOCK),
    ("advice", "Prenez deux comprimés ce soir.", BLOCK, BLOCK),
    ("advice", "You can skip your next dose.", BLOCK, BLOCK),
    ("advice", "Stop taking it.", BLOCK, BLOCK),
    ("advice", "Ne vous en faites pas, c’est normal.", BLOCK, BLOCK),
    ("diagnosis", "Vous avez probablement une infection.", BLOCK, BLOCK),
    ("diagnosis", "Ça ressemble à une réaction allergique.", BLOCK, BLOCK),
    ("diagnosis", "You have the flu.", BLOCK, BLOCK),
    ("diagnosis", "It sounds like an allergic reaction.", BLOCK, BLOCK),
    ("cause", "C’est sûrement dû au sirop.", BLOCK, BLOCK),
    ("cause", "Ce n’est pas à cause du vaccin.", BLOCK, BLOCK),
    ("cause", "Il n’y a aucun lien avec nos produits.", BLOCK, BLOCK),
    ("cause", "C’est un effet secondaire connu.", BLOCK, BLOCK),
    ("cause", "Notre produit n’y est pour rien.", BLOCK, BLOCK),
    ("cause", "It is probably caused by the cream.", BLOCK, BLOCK),
    ("cause", "This has nothing to do with the vaccine.", BLOCK, BLOCK),
    ("cause", "That is a known side effect.", BLOCK, BLOCK),
    ("rebate", "Il y a un rabais sur ce médicament.", BLOCK, WARN),
    ("rebate", "A free gift with each prescription!", BLOCK, WARN),
    ("claim", "Tylenol, c’est garanti.", BLOCK, WARN),
    ("own_claim", "Cela marche, et Zolvaria aussi.", BLOCK, WARN),
    ("own_linked", "Écrivez-nous au sujet de Zolvaria.", BLOCK, None),
    ("own_use", "Pour les enfants, demandez Zolvaria.", BLOCK, WARN),
    ("own_compared", "Zolvaria remplace le générique.", BLOCK, WARN),
    ("own_echo", "Contents que ça fonctionne!", WARN, None),
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
    # The illness above is a finding of its own beside whatever else names the product: only where that is meant is it there.
    around = MAKER if code in {"own_linked", "own_echo"} else replace(MAKER, thread="") if code in OF_A_MAKER else guard.Around()
    more = {"of_harm": code == "cause", "around": around}
    assert set(seen(text, public=True, **more)) == {(code, public)}
    assert set(seen(text, public=False, **more)) == ({(code, private)} if private else set())


@pytest.mark.parametrize("text", ["Prenez deux comprimés ce soir.", "Rien de grave.", "Vous avez probablement une infection."])
def test_who_may_advise_does_so_in_private_and_says_that_it_is_right(text):
    [(_code, level)] = seen(text, public=False, advises=True)

    assert level == WARN
    assert [level for _code, level in seen(text, public=True, advises=True)] == [BLOCK]


@pytest.mark.parametrize("text", ["C’est un effet secondaire connu.", "It was caused by the cream."])
def test_nobody_judges_a_cause_and_only_where_harm_is_told_a_cause_is_judged(text):
    assert seen(text, public=False, advises=True, of_harm=True) == [("cause", BLOCK)]
    assert seen(text, public=False) == []


@pytest.mark.parametrize(
    "text",
    [
        "Si vous avez le rhume, on vous vaccine quand même.",
        "If you have a cold, come all the same.",
        "Un pharmacien veut vous parler : appelez-nous.",
        "On prend cela au sérieux, merci de nous en parler.",
    ],
)
def test_what_judges_nothing_passes_where_harm_is_told(text):
    assert seen(text, of_harm=True) == []


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
        assert str(finding.message).startswith("A field is not filled in: ")


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("Appelez le 1-800-463-5060.", ["1-800-463-5060"]),
        ("Info-Santé répond au 811, le 911 aussi.", ["811"]),
        ("Appelez le 418 555-8110.", []),
    ],
)
def test_to_somebody_in_danger_a_help_line_of_another_place_is_a_warning(text, quotes):
    found = guard.check(text, public=True, allowed=["418 555-8110"], elsewhere=["1 800 463-5060", "811"])

    assert [text[slice(*finding.span)] for finding in found] == quotes
    assert {(finding.code, finding.level) for finding in found} <= {("help_line", WARN)}
