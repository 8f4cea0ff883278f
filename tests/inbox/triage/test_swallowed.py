import pytest

from inbox.triage.help.swallowed import is_said


@pytest.mark.parametrize(
    "text",
    [
        "Mon fils a avalé un flacon de pilules",
        "ELLE A BU QUELQUE CHOSE SOUS L’ÉVIER",
        "le chien a mangé mes Advil",
        "my toddler swallowed a battery",
        "She drank something and is unconscious",
    ],
)
def test_it_is_said_that_something_was_swallowed(text):
    assert is_said(text)


@pytest.mark.parametrize("text", ["mon père a mal dans la poitrine", "Le buanderie est ouverte?", "my date is late", ""])
def test_it_is_not_said(text):
    assert not is_said(text)
