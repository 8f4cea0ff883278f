"""The answer is in the language in which the person wrote: whoever writes otherwise is asked, and the twin is one press away."""

import pytest

from accounts.access import Role
from responses import replies
from responses.composing import judging, speaking
from responses.replies import Unacknowledged, Words
from tests.factories import HOUR, MINUTE, NOON, make_member, make_message, make_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def version(place):
    return make_version(place.organization)


@pytest.fixture
def pharmacist(place):
    return make_member(place.organization, Role.PHARMACIST)


def wrote(conversation, *languages, began=""):
    """The conversation began in one language; what waits in it is in these."""
    conversation.language = began
    conversation.save(update_fields=["language"])
    conversation.messages.update(language=languages[0])
    for number, language in enumerate(languages[1:], start=1):
        make_message(conversation, at=NOON + number * MINUTE, language=language)
    return conversation


def drawn(conversation, by, version, language, answer="9 h à 21 h."):
    words = Words(version=version, language=language, filled={"answer": answer}, text="" if version else answer)
    return judging.draw(conversation, words, by=by, mode="public", now=NOON + HOUR)


def told(drawing):
    return [finding.message for finding in drawing.findings if finding.code == "language"]


@pytest.mark.parametrize(
    ("written", "began", "language", "twin"),
    [
        (["fr"], "fr", "fr", ""),
        (["fr"], "fr", "en", "fr"),
        (["en"], "en", "fr", "en"),
        (["en"], "fr", "fr", "en"),  # they went on in English
        (["en"], "fr", "en", ""),
        (["fr", "en"], "fr", "en", ""),  # both: either will do
        ([""], "fr", "en", "fr"),  # “?” tells nothing, what was said before does
        ([""], "", "en", ""),
        (["other"], "other", "en", ""),  # a third language: ours to choose
        (["other"], "other", "fr", ""),
    ],
)
def test_the_picked_words_are_compared_with_what_waits(conversation, ana, version, written, began, language, twin):
    drawing = drawn(wrote(conversation, *written, began=began), ana, version, language)

    assert drawing.twin == twin
    assert bool(told(drawing)) == bool(twin)


@pytest.mark.parametrize(
    ("written", "began", "spoken"),
    [
        (["en"], "fr", "en"),
        (["fr", "en"], "fr", "fr"),
        (["fr", "en"], "en", "en"),
        (["other"], "other", "fr"),
        ([""], "en", "en"),
    ],
)
def test_the_composer_opens_in_their_language(conversation, written, began, spoken):
    assert speaking.asked(wrote(conversation, *written, began=began)) == spoken


@pytest.mark.parametrize(
    ("language", "answer", "asked"),
    [
        ("fr", "yes, we are open until nine tonight", True),
        ("en", "oui, nous sommes ouverts jusqu’à neuf heures", True),
        ("fr", "oui, nous sommes ouverts jusqu’à neuf heures", False),
        ("fr", "yes!", False),  # too little to tell
        ("fr", "Tylenol Extra Strength, 24", False),
        ("en", "9 h à 21 h, rue du Quai", False),  # a street
    ],
)
def test_what_is_typed_in_a_template_speaks_as_the_template_does(conversation, ana, version, language, answer, asked):
    drawing = drawn(wrote(conversation, language, began=language), ana, version, language, answer)

    assert bool(told(drawing)) is asked
    assert drawing.twin == ""


def test_own_words_are_heard(conversation, pharmacist):
    wrote(conversation, "fr", began="fr")

    assert told(drawn(conversation, pharmacist, None, "fr", "Yes, we are open until nine tonight.")) == [
        "The person wrote in French, and this answer is in English: write it in French."
    ]
    assert not told(drawn(conversation, pharmacist, None, "fr", "Oui, nous sommes ouverts jusqu’à neuf heures."))


def test_an_address_of_ours_is_of_no_language(conversation, ana, version, place):
    place.address = "12, rue du Vieux Quai, près de la rivière"
    place.save(update_fields=["address"])
    conversation.refresh_from_db()

    assert not told(drawn(wrote(conversation, "en", began="en"), ana, version, "en", place.address))


def test_it_is_a_question_that_can_be_answered_and_not_a_wall(conversation, ana, version):
    wrote(conversation, "fr", began="fr")
    words = Words(version=version, language="en", filled={"answer": "9 to 9."})

    with pytest.raises(Unacknowledged):
        replies.compose(conversation, by=ana, now=NOON + HOUR, words=words)
    assert replies.compose(conversation, by=ana, now=NOON + HOUR, words=words, acknowledged=True).language == "en"


def test_the_composer_offers_the_twin(sign_in, conversation, ana, version):
    wrote(conversation, "en", began="fr")
    desk, address = sign_in(ana), f"/conversations/{conversation.pk}/reply/"
    said = {"version": version.pk, "language": "fr", "mode": "public", "answer": "9 h à 21 h."}

    asked = desk.post(address, said, headers={"HX-Request": "true"}).text

    assert "Take the English text of this template" in asked
    taken = (
        sign_in(ana).post(f"/conversations/{conversation.pk}/reply/", said | {"speak": "en"}, headers={"HX-Request": "true"}).text
    )
    assert "See you soon!" in taken
    assert "Take the English text" not in taken
