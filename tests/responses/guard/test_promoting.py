"""What a maker's page says of its own product, and what only looks like it. The products are made up."""

import pytest

from responses import guard

BLOCK, WARN = guard.Level.BLOCK, guard.Level.WARN
OWN = ("Zolvaria", "Nuvexa Forte")


def seen(text, *, thread="", own=OWN, public=True):
    found = guard.check(text, public=public, around=guard.Around(own=own, thread=thread))
    return {(finding.code, finding.level) for finding in found}


@pytest.mark.parametrize(
    "text",
    [
        "Merci de votre intérêt pour Zolvaria.",
        "Zolvaria se trouve en pharmacie, à 12,99 $ la boîte de 30.",
        "Pour toute question sur Nuvexa Forte, notre information médicale vous répond.",
        "Nous traitons votre demande au sujet de Zolvaria et vous répondons demain.",
        "Pour protéger vos renseignements, parlons de Zolvaria en privé.",
        "Ça nous aide à nous améliorer, merci d’avoir parlé de Zolvaria.",
        "Notre équipe de pharmacovigilance veut vous parler de Zolvaria : écrivez-nous.",
        "Écrivez-nous au sujet de Zolvaria en privé plutôt qu’ici.",
        "Mieux vaut nous appeler au sujet de Zolvaria que d’écrire ici.",
        "Le contrôle de la qualité de Zolvaria veut voir la boîte : gardez-la.",
        "Le mode d’emploi de Zolvaria est sur la boîte.",
        "La carte d’assurance maladie n’est pas nécessaire pour Zolvaria.",
        "Bien sûr, on vous répond au sujet de Zolvaria.",
        "Votre pharmacien peut vous aider au sujet de Zolvaria.",
        "Nous ne pouvons pas garantir que Zolvaria soit en stock.",
        "Thank you for your interest in Zolvaria. Your comment helps us.",
        "We work with pharmacies that carry Zolvaria.",
        "If that works for you, our team will write to you about Zolvaria in private.",
        "Our drug safety team would like to hear about Zolvaria.",
        "It is sold in pharmacies. Ask for Zolvaria at the counter.",
    ],
)
def test_the_name_alone_may_be_told_and_where_it_is_found(text):
    assert seen(text) == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Zolvaria traite l’eczéma.", "own_claim"),
        ("Nuvexa Forte soulage vite.", "own_claim"),
        ("Zolvaria? Oui, ça marche très bien.", "own_claim"),
        ("ZOLVARIA EST EFFICACE", "own_claim"),
        ("Zolvaria est sûr.", "own_claim"),
        ("Zolvaria est sans danger.", "own_claim"),
        ("Les effets secondaires de Zolvaria sont rares.", "own_claim"),
        ("Zolvaria a fait ses preuves.", "own_claim"),
        ("Bon courage avec votre psoriasis. Zolvaria est en pharmacie.", "own_claim"),
        ("Zolvaria works great.", "own_claim"),
        ("Zolvaria will relieve it.", "own_claim"),
        ("It really helps! Ask for Zolvaria.", "own_claim"),
        ("Zolvaria is safe.", "own_claim"),
        ("Les enfants peuvent utiliser Zolvaria.", "own_use"),
        ("Zolvaria va bien pendant la grossesse.", "own_use"),
        ("La dose de Zolvaria est sur la boîte.", "own_use"),
        ("You can have Zolvaria while breastfeeding.", "own_use"),
        ("Zolvaria est mieux que la concurrence.", "own_compared"),
        ("Essayez Zolvaria au lieu des autres.", "own_compared"),
        ("Zolvaria is stronger than that.", "own_compared"),
        ("Zolvaria en rabais cette semaine.", "rebate"),
        ("Zolvaria, le meilleur.", "claim"),
    ],
)
def test_everything_else_beside_the_name_is_refused_in_public_and_warned_of_in_private(text, code):
    assert (code, BLOCK) in seen(text)
    assert (code, WARN) in seen(text, public=False)


@pytest.mark.parametrize("text", ["Zolvaria traite la peau.", "Les enfants aiment Zolvaria.", "Zolvaria est mieux que la pluie."])
def test_only_its_maker_is_held_to_it(text):
    assert not {code for code, _level in seen(text, own=()) if code.startswith("own_")}


@pytest.mark.parametrize(
    "thread", ["Mon eczéma est revenu", "J’ai le mal de cœur.", "Mal aux dents", "my migraines are back", "DIABÈTE"]
)
def test_below_an_illness_the_name_promotes_too(thread):
    assert seen("Écrivez-nous au sujet de Zolvaria.", thread=thread) == {("own_linked", BLOCK)}
    assert seen("Écrivez-nous en privé.", thread=thread) == set()


@pytest.mark.parametrize("thread", ["Où trouver Zolvaria?", "Il est où, le pain?", "Ma carte d’assurance maladie"])
def test_below_other_words_it_may_be_named(thread):
    assert seen("Zolvaria est en pharmacie.", thread=thread) == set()


def test_who_praises_is_thanked_and_not_echoed():
    praise = "Zolvaria a changé ma vie"

    assert seen("Merci, contents que ça fonctionne!", thread=praise) == {("own_echo", WARN)}
    assert seen("Merci, c’est mieux que tout!", thread=praise) == {("own_echo", WARN)}
    assert seen("Merci de votre mot, il nous fait plaisir!", thread=praise) == set()
    assert seen("Merci, contents que ça fonctionne!", thread="Votre site est réparé?") == set()


def test_a_maker_may_name_what_it_makes_and_no_prescription_drug_of_another():
    assert seen("Ozempic se trouve en pharmacie.", own=("Ozempic",)) == set()
    assert seen("Wegovy se trouve en pharmacie.", own=("Ozempic",)) == {("drug_name", BLOCK)}


def test_a_name_within_another_word_is_none():
    assert seen("Zolvariane soulage, paraît-il.") == set()
