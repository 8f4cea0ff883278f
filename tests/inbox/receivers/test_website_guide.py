"""The Python of docs/website-webhook.md runs as it stands: our receiver believes it, and it believes us."""

import re
import time

import pytest
from django.conf import settings
from django.utils import timezone

from inbox import intake, platforms
from inbox.models import Message
from inbox.platforms.base import Connection
from tests.factories import make_channel
from tests.inbox.platforms import server
from tests.inbox.wire import post

SECRET = "a-secret-of-the-site"
COMMENT = {
    "id": 812,
    "post": 55,
    "status": "hold",
    "date_gmt": "2026-11-23T10:40:00",
    "author_name": "Julie T.",
    "content": {"raw": "Très utile !"},
}


@pytest.fixture
def example():
    document = (settings.BASE_DIR / "docs" / "website-webhook.md").read_text()
    names: dict = {}
    exec(re.search(r"```python\n(.*?)```", document, re.S)[1], names)
    return names


@pytest.mark.django_db
def test_what_the_example_sends_arrives_in_the_inbox(example, client, place):
    make_channel(place, "website", external_id="a1b2c3", token=SECRET)
    at = time.time()
    for body in (
        example["told"]("comment.created", "https://blog.example", COMMENT, at),
        example["told"]("comment.status", "https://blog.example", COMMENT | {"status": "approved"}, at),
    ):
        assert post(client, body, example["sign"](SECRET, body, at), "/hooks/website/a1b2c3/") == 200
        intake.drain(now=timezone.now())

    message = Message.objects.get()
    assert (message.text, message.moderation) == ("Très utile !", "approved")


def test_the_example_believes_what_we_send_and_nobody_else(example):
    with server.running() as site:
        token, told = f"another-secret,{SECRET}", {"site": "https://blog.example", "callback_url": site.url}
        platforms.get("website").check(Connection("a1b2c3", token, site.url, settings=told, public_but=(site.url,)))
        (asked,) = site.asked

    believes = example["is_comptoir"]
    assert believes(SECRET, asked.headers, asked.body, time.time())
    assert not believes("wrong", asked.headers, asked.body, time.time())
    assert not believes(SECRET, asked.headers, asked.body + b" ", time.time())
    assert not believes(SECRET, asked.headers, asked.body, time.time() + 400)
