"""Who may be named in a reply. Everybody here is made up."""

import pytest

from responses import guard

BLOCK, WARN = guard.Level.BLOCK, guard.Level.WARN


def seen(text, *, public=True, **around):
    return {(finding.code, finding.level) for finding in guard.check(text, public=public, around=guard.Around(**around))}


@pytest.mark.parametrize(
    "text",
    [
        "Demandez Julie au comptoir.",
        "Bonjour Julie Tremblay, merci!",
        "Je m’appelle Ana Exemple, pharmacienne.",
        "L’équipe de Caroline Roy et Marc Dubé, pharmaciens propriétaires.",
    ],
)
def test_the_team_and_the_person_may_be_named(text):
    assert seen(text, people=("Ana Exemple", "Julie Tremblay")) == set()


@pytest.mark.parametrize("public", [True, False])
def test_of_somebody_else_one_is_asked_who_they_are(public):
    assert seen("Je m’appelle Ana Ailleurs, pharmacienne.", public=public, people=("Ana Exemple",)) == {("name", WARN)}


@pytest.mark.parametrize(
    "text", ["Gédéon  Lavigueur est passé.", "gédéon lavigueur est passé.", "On a rappelé Gédéon Lavigueur."]
)
def test_nobody_whom_the_thread_named_is_named_again(text):
    thread = "Ma voisine, son nom: Gédéon Lavigueur, attend encore"

    assert seen(text, thread=thread) == {("name", BLOCK)}
    assert seen(text, thread=thread, people=("Gédéon Lavigueur",)) == set()
    assert seen("La personne est passée.", thread=thread) == set()
    assert seen("Gédéon Lavigueur est passé.") == set()
