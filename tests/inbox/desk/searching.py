"""Searching as the page does, and what it shows of the first that it found."""

from django.db import connection

from inbox.desk.queries import Filters
from inbox.desk.search import found
from inbox.desk.search.asked import Asked, clean


def lines(member, words, after="", **filters):
    asked = Asked.read(clean(words))
    return found.page(member, Filters(words=words, **filters), asked, after=after) if asked.terms else None


def search(member, words, **filters):
    shown = lines(member, words, **filters)
    return [line.pk for line in shown.lines] if shown else []


def marks(member, words):
    """What is marked in the first row: in the name, then in the words."""
    excerpt = lines(member, words).lines[0].found
    return [piece.text for piece in (*excerpt.name, *excerpt.pieces) if piece.marked]


def excerpt(member, words):
    return "".join(piece.text for piece in lines(member, words).lines[0].found.pieces)


def kept_stems():
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT unnest(tsvector_to_array(words)) FROM inbox_searchentry")
        return {stem for (stem,) in cursor.fetchall() if not stem.startswith("@")}
