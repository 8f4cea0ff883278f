"""A telephone number in words stays on one line, and changes nothing else of them."""

import pytest
from django.utils.html import strip_tags

from inbox.templatetags.screen import unbroken


@pytest.mark.parametrize(
    "number",
    [
        "418 555-0101",
        "418-555-0101",
        "(418) 555-0101",
        "1 866 277-3553",
        "1-800-463-5060",
        "+1 418 555-0101",
        "418 •••-••••",
        "9-8-8",
    ],
)
def test_a_number_is_kept_together(number):
    assert unbroken(f"Appelez le {number}, merci.") == f'Appelez le <span class="nowrap">{number}</span>, merci.'


@pytest.mark.parametrize(
    "text", ["2026-11-30 10:15", "Lot 1234-418 555-01019", "un 9-8-8-1", "100 ou 200", "", "A-418 555-0101", "418 555\n0101"]
)
def test_what_is_no_number_is_left_alone(text):
    assert unbroken(text) == text


def test_what_somebody_wrote_stays_words():
    text = "<b>418 555-0101</b> & 811"

    assert unbroken(text) == '&lt;b&gt;<span class="nowrap">418 555-0101</span>&lt;/b&gt; &amp; 811'
    assert "<b>" not in strip_tags(unbroken(text))
