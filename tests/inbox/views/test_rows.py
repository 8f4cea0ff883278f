from dataclasses import fields, replace

import pytest
from django.utils import translation

from inbox.rows import Chip, Row, draw
from tests.factories import MINUTE, NOON, make_member, make_waiting

pytestmark = pytest.mark.django_db


def row_of(conversation, now=NOON, **fields):
    return Row.of(conversation, **({"query": "", "is_open": False, "now": now} | fields))


def test_a_row_that_shows_the_same_is_not_drawn_again():
    conversation = make_waiting()
    draw.cache_clear()

    draw(row_of(conversation))
    draw(row_of(conversation))

    assert draw.cache_info().misses == 1


def test_everything_that_a_row_shows_makes_it_another(place):
    conversation = make_waiting()
    row = row_of(conversation)
    member = make_member(conversation.organization)
    conversation.assignee = member

    assert row_of(conversation) != row
    assert row_of(conversation, now=NOON + MINUTE) != row
    with translation.override("fr-ca"):
        assert row_of(conversation) != row_of(conversation, is_open=True)
        assert row_of(conversation).language == "fr-ca"


def test_what_is_written_in_a_row_is_escaped():
    html = draw(row_of(make_waiting(text="<script>alert(1)</script>")))

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_drawing_takes_nothing_from_elsewhere():
    row = row_of(make_waiting())
    assert {field.name for field in fields(Chip)} == {"state", "runs", "warn_at", "due_at", "icon", "words"}

    assert draw(replace(row, name="Zoé Exemple")) != draw(row)
