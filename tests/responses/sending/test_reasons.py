"""Whatever a platform refuses is told in words, with what to do next."""

import pytest
from django.utils import translation

from inbox import channels
from inbox.models.channels import PROBLEMS
from inbox.platforms.base import Reason
from responses.sending import reasons


@pytest.mark.parametrize("reason", Reason)
def test_every_class_of_refusal_has_words_of_its_own(reason):
    told = reasons.EXPLANATIONS[reason]

    assert str(told.what)
    assert str(told.advice)
    assert [other for other in reasons.EXPLANATIONS.values() if other.what == told.what] == [told]


@pytest.mark.parametrize("reason", Reason)
def test_and_in_french(reason):
    told = reasons.explain(reason)
    with translation.override("fr-ca"):
        french = (str(told.what), str(told.advice))
    with translation.override("en"):
        assert french[0] != str(told.what)
        assert french[1] != str(told.advice)


@pytest.mark.parametrize("reason", sorted(channels.BLOCKING))
def test_what_closes_a_channel_has_words_for_those_who_look_after_it(reason):
    assert PROBLEMS[reason]


def test_what_nobody_knows_is_told_as_such():
    assert reasons.explain("never_heard_of") == reasons.EXPLANATIONS[Reason.OTHER]
