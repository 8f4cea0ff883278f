"""The PHP of docs/website-webhook.md runs as it stands, where there is a PHP: our receiver believes it, and it believes us."""

import json
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from time import monotonic

import pytest
from django.conf import settings
from django.utils import timezone

from inbox import intake, platforms
from inbox.models import Message
from inbox.platforms.base import Connection, Kind, Outgoing, SendRefused
from tests.factories import make_channel
from tests.inbox.platforms import server
from tests.inbox.platforms.server import Saying
from tests.inbox.receivers.test_website_guide import COMMENT, SECRET
from tests.inbox.wire import post

PHP = shutil.which("php") or ""
pytestmark = pytest.mark.skipif(not PHP, reason="there is no php on the PATH")

SEND = "<?php require 'example.php'; echo comptoir_send($argv[1], $argv[2], json_decode(stream_get_contents(STDIN), true));"
CALLBACK = """<?php
require 'example.php';
$body = file_get_contents('php://input');
header('Content-Type: application/json');
if (!is_comptoir('a-secret-of-the-site', $body)) {
    http_response_code(401);
    exit('{}');
}
$event = json_decode($body, true);
if ($event['event'] === 'comment.reply') {
    http_response_code(201);
    file_put_contents('said.txt', $event['comment']['content']['raw']);
    exit('{"comment":{"id":813,"date_gmt":"2026-11-23T10:45:00"}}');
}
echo '{"events":["comment.reply"]}';
"""


@pytest.fixture
def folder(tmp_path):
    if "curl" not in subprocess.run([PHP, "-m"], capture_output=True, text=True, timeout=20).stdout.split():
        pytest.skip("this php has no curl")
    document = (settings.BASE_DIR / "docs" / "website-webhook.md").read_text()
    (tmp_path / "example.php").write_text(re.search(r"```php\n(.*?)```", document, re.S)[1])
    (tmp_path / "send.php").write_text(SEND)
    (tmp_path / "callback.php").write_text(CALLBACK)
    return tmp_path


def send(folder, address, comment):
    """What the example gives back, and whatever PHP complains of."""
    event = json.dumps({"event": "comment.created", "site": "https://blog.example", "comment": comment})
    command = [PHP, "-d", "display_errors=1", "-d", "error_reporting=-1", "send.php", address, SECRET]
    return subprocess.run(command, input=event, capture_output=True, text=True, cwd=folder, timeout=30).stdout


@pytest.fixture
def site(folder) -> Iterator[str]:
    """Where PHP's own server answers to our callbacks."""
    port = server.closed_port()
    running = subprocess.Popen(
        [PHP, "-S", f"127.0.0.1:{port}", "callback.php"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _listens(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait()


def _listens(port):
    until = monotonic() + 20
    while monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
    pytest.fail("PHP's own server does not start")


@pytest.mark.django_db
def test_what_the_example_sends_arrives_in_the_inbox(folder, client, place):
    make_channel(place, "website", external_id="a1b2c3", token=SECRET)
    with server.running() as hook:
        told = send(folder, f"{hook.url}/hooks/website/a1b2c3/", COMMENT | {"content": {"raw": "Très utile 🙏 </p> !"}})
        (asked,) = hook.asked

    assert told == "200"
    assert post(client, asked.body, asked.headers, asked.path) == 200
    intake.drain(now=timezone.now())
    assert Message.objects.get().text == "Très utile 🙏 </p> !"


def test_the_example_tells_that_it_has_to_send_again(folder):
    with server.running() as hook:
        hook.says(Saying(status=503))

        assert send(folder, hook.url, COMMENT) == "503"
    assert send(folder, f"http://127.0.0.1:{server.closed_port()}/", COMMENT) == "0"


def speak(site, token):
    told = {"site": "https://blog.example", "callback_url": site}
    connection = Connection("a1b2c3", token, site, settings=told, public_but=(site,))
    answer = Outgoing(kind=Kind.COMMENT, thread="812", text="Merci Julie ! 🙏", correlation="k1", reply_to="812", post_id="55")
    return platforms.get("website").send(answer, connection)


@pytest.mark.parametrize("token", [SECRET, f"newer,{SECRET}", f"{SECRET},older"])
def test_the_example_believes_us_with_any_of_our_secrets(folder, site, token):
    assert speak(site, token).external_id == "813"
    assert (folder / "said.txt").read_text() == "Merci Julie ! 🙏"


def test_the_example_believes_nobody_else(folder, site):
    with pytest.raises(SendRefused):
        speak(site, "wrong")

    assert not (folder / "said.txt").exists()
