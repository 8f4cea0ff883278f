"""Promises and rebates, and what only looks like them."""

import pytest

from responses import guard

BLOCK, WARN = guard.Level.BLOCK, guard.Level.WARN


def seen(text, **around):
    return {(finding.code, finding.level) for finding in guard.check(text, public=True, around=guard.Around(**around))}


@pytest.mark.parametrize(
    "text",
    [
        "Nous ne pouvons pas garantir qu’il en reste.",
        "We can’t guarantee it.",
        "Il n’y a aucune garantie de délai.",
        "Le meilleur moment pour appeler est le matin.",
        "The best time to call is the morning.",
        "Couvert à 100 % par la RAMQ.",
    ],
)
def test_what_promises_nothing_passes(text):
    assert seen(text) == set()


@pytest.mark.parametrize("text", ["C’est garanti.", "La meilleure équipe!", "It is 100 % sure.", "The best!"])
def test_a_promise_is_warned_of(text):
    assert seen(text) == {("claim", WARN)}


@pytest.mark.parametrize("text", ["Tylenol, c’est garanti.", "Gravol is the best!", "L’Advil, 100 % efficace"])
def test_of_a_medicine_that_is_named_it_is_refused(text):
    assert seen(text) == {("claim", BLOCK)}


@pytest.mark.parametrize(
    "text",
    [
        "Le vaccin contre la grippe est gratuit pour tous.",
        "Votre assurance couvre 80 % des médicaments.",
        "Stationnement gratuit devant la porte, pour vos médicaments aussi.",
        "On livre gratuitement vos médicaments.",
        "Feel free to ask about your medication.",
        "Free delivery of prescriptions.",
        "Notre point de service pour les vaccins est ouvert.",
    ],
)
def test_a_service_is_no_gift_of_a_medicine(text):
    assert seen(text) == set()


@pytest.mark.parametrize("text", ["Le Tylenol est en solde.", "10 % de rabais sur le Gravol.", "Points doublés sur le sirop!"])
def test_a_rebate_near_any_medicine_is_refused(text):
    assert ("rebate", BLOCK) in seen(text)


def test_where_the_price_of_a_medicine_is_asked_a_rebate_needs_no_name_to_be_one():
    asked = {"sells": True, "thread": "Combien coûte le Tylenol?"}

    assert seen("Il est en solde à 8 $.", **asked) == {("rebate", BLOCK)}
    assert seen("Il est en solde à 8 $.", sells=True, thread="Combien pour la poussette?") == {("rebate", WARN)}
    assert seen("Il est en solde à 8 $.", thread="Combien coûte le Tylenol?") == set()
    assert seen("La livraison est gratuite.", **asked) == set()
