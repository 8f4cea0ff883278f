"""Who may be named in a reply. Everybody here is made up."""

import pytest

from responses import guard


def seen(text, *, public=True, **around):
    return {finding.code for finding in guard.check(text, public=public, around=guard.Around(**around))}


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


def test_somebody_else_may_not():
    assert seen("Je m’appelle Ana Ailleurs, pharmacienne.", people=("Ana Exemple",)) == {"name"}


def test_nobody_whom_the_thread_named_is_named_again():
    thread = "Ma voisine, son nom: Gédéon Lavigueur, attend encore"

    assert seen("On a rappelé Gédéon  Lavigueur.", thread=thread) == {"name"}
    assert seen("On a rappelé gédéon lavigueur.", thread=thread) == {"name"}
    assert seen("On a rappelé la personne.", thread=thread) == set()
    assert seen("On a rappelé Gédéon Lavigueur.", thread=thread, people=("Gédéon Lavigueur",)) == set()
