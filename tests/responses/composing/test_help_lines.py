"""Whom somebody in danger is told to call: the lines of the place, from the one table."""

import pytest

from accounts.models import Location
from inbox import crises
from inbox.models import Conversation
from responses import replies
from responses.composing import suggest, values
from responses.models import Reply
from responses.replies import Refused, Unacknowledged, Words
from tests.factories import NOON, make_danger, make_location, make_member, make_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

FIELDS = {"body_fr": "Bonjour, appelez {help_poisoning}.", "body_en": "Hi, call {help_poisoning}."}
TYPED = {"body_fr": "Bonjour, appelez le 1 800 463-5060.", "body_en": "Hi, call 1 800 463-5060."}


@pytest.fixture
def poisoned(conversation):
    make_danger(conversation.messages.get(), "poisoning")
    crises.attend(now=NOON)
    conversation.refresh_from_db()
    return conversation


def at(conversation, province):
    Location.objects.filter(pk=conversation.location_id).update(province=province)
    conversation.location.refresh_from_db()


def poisoning(conversation, **words):
    return make_version(conversation.organization, topic="poisoning", **words)


def sent(conversation, by, version, language="fr", **more):
    return replies.compose(conversation, by=by, now=NOON, words=Words(version=version, language=language), **more).text


@pytest.mark.parametrize(
    ("province", "language", "said"),
    [
        ("QC", "fr", "Bonjour, appelez le Centre antipoison du Québec au 1 800 463-5060."),
        ("ON", "fr", "Bonjour, appelez les Centres antipoison du Canada au 1 844 764-7669."),
        ("ON", "en", "Hi, call Canada’s poison centres at 1 844 764-7669."),
    ],
)
def test_the_same_words_name_the_centre_of_the_place_in_their_language(poisoned, ana, province, language, said):
    at(poisoned, province)
    Conversation.objects.filter(pk=poisoned.pk).update(language=language)

    assert sent(poisoned, ana, poisoning(poisoned, **FIELDS), language) == said


def test_what_is_offered_reads_with_the_numbers_of_the_place(poisoned, ana):
    at(poisoned, "ON")
    poisoning(poisoned, **FIELDS)

    [offered] = suggest.suggest(poisoned, by=ana, mode="public", language="fr", now=NOON)

    assert "1 844 764-7669" in offered.preview
    assert offered.usable


def test_nobody_types_another_number_into_a_field(conversation):
    known = values.of(conversation, language="fr", now=NOON, filled={"help_poisoning": "le 418 555-0199"})

    assert known["help_poisoning"].endswith("1 800 463-5060")


def test_a_field_without_a_line_stops_the_words(conversation):
    assert values.missing(FIELDS["body_fr"], {"help_poisoning": ""}) == ["help_poisoning"]
    assert "help lines" in str(values.why_missing("help_poisoning", values.today_at(make_location(), NOON)))


def test_a_number_that_was_typed_out_and_is_not_of_the_place_is_told_though_it_was_approved(poisoned, ana):
    version = poisoning(poisoned, **TYPED)
    at(poisoned, "ON")

    with pytest.raises(Unacknowledged) as told:
        sent(poisoned, ana, version)

    assert [(finding.code, finding.quotes) for finding in told.value.warnings] == [("help_line", ["1 800 463-5060"])]
    assert sent(poisoned, ana, version, acknowledged=True)


def test_at_the_place_of_the_number_nothing_is_asked(poisoned, ana):
    assert "1 800 463-5060" in sent(poisoned, ana, poisoning(poisoned, **TYPED))


def test_words_for_anybody_else_may_name_any_line(conversation, ana):
    at(conversation, "ON")

    assert sent(conversation, ana, make_version(conversation.organization, topic="location", **TYPED))


def test_a_number_that_is_no_help_line_any_more_is_told_and_never_leaves_somebody_without_an_answer(poisoned, ana):
    former = {name: text.replace("1 800 463-5060", "418 656-8090") for name, text in TYPED.items()}
    version = poisoning(poisoned, **former)

    with pytest.raises(Unacknowledged) as told:
        sent(poisoned, ana, version)

    assert [finding.code for finding in told.value.warnings] == ["phone"]
    assert sent(poisoned, ana, version, acknowledged=True)


def test_what_somebody_types_beside_it_is_held_to_the_rule(poisoned, ana):
    version = poisoning(poisoned, body_fr="Appelez le 418 656-8090. {answer}", body_en="Call 418 656-8090. {answer}")

    with pytest.raises(Refused):
        replies.compose(
            poisoned,
            by=make_member(poisoned.organization),
            now=NOON,
            words=Words(version=version, filled={"answer": "Ou le 514 555-0142."}),
            acknowledged=True,
        )
    assert not Reply.objects.exists()
