"""A product's name alone, as people leave it under a post: nobody is in danger, and nobody had an effect of it."""

import pytest

from inbox.triage import read
from inbox.triage.findings import Context, Urgency
from inbox.triage.text import Text
from inbox.triage.words import goods

ALONE = """
camomille plante apaisante
PARFUM Chloé, 50 ml
Tylenol extra fort 500 mg, 100 comprimés
huile d'arbre à thé 30 ml
fer 300 mg gluconate
colle à dentier Polident
antigel à pare-brise
déambulateur rouge
timbres nicotine 21 mg
crayon khôl noir
détecteur de monoxyde de carbone?
nail polish remover
rubbing alcohol 500 ml
alcool à friction 70 %
gel antibactérien Purell 1 L
lighter fluid
carbon monoxide detector
extra strength
"""
TOLD = """
100 comprimés de Tylenol
40 Benadryl tablets
Benadryl 40 tablets at once
bouteille de vodka, pot de pilules
Tylenol extra fort, le pot vide
javel, biberon
eau de javel dans les yeux
pile bouton dans le nez
savon vaisselle, bébé
le pot de fer au complet
gel hydroalcoolique bu
carbon monoxide detector going off
nail polish remover, 2 yo
antifreeze in the juice
rubbing alcohol in eye
"""


@pytest.mark.parametrize("text", ALONE.strip().splitlines())
def test_a_product_named_alone_is_no_danger_and_no_effect(text):
    reading = read(text, Context())
    assert reading.urgency is not Urgency.NOW and not reading.is_adverse_event


@pytest.mark.parametrize("text", ["boîte d'Ativan et alcool", "Tylenol extra fort, alcool", "bottle of Ativan and alcohol"])
def test_what_is_drunk_with_it_is_on_no_label(text):
    assert not goods.are_named_alone(Text(text))
    assert goods.are_named_alone(Text("boîte de rubbing alcohol")) and goods.are_named_alone(Text("savon sans alcool"))


@pytest.mark.parametrize("typed", [str, str.upper, str.capitalize])
@pytest.mark.parametrize("text", TOLD.strip().splitlines())
def test_what_is_told_of_it_in_a_few_words_is_a_danger(text, typed):
    assert read(typed(text), Context()).urgency is Urgency.NOW
