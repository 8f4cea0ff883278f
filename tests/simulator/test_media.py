"""Files that people send: real ones, at addresses that expire."""

import struct
import zlib

import pytest
import requests

from tests.simulator.calls import FACEBOOK, graph


def fetch(url):
    with requests.Session() as http:
        http.trust_env = False
        return http.get(url, timeout=10, allow_redirects=False)


@pytest.fixture
def address(fresh):
    """address("picture.png") → where such a file is."""

    def of(name):
        return fresh.media(name)

    return of


@pytest.mark.parametrize(
    ("name", "mime_type", "start"),
    [
        ("a.png", "image/png", b"\x89PNG\r\n\x1a\n"),
        ("a.wav", "audio/wav", b"RIFF"),
        ("a.pdf", "application/pdf", b"%PDF-1.4"),
        ("a.mp4", "video/mp4", b"\x00\x00\x00"),
    ],
)
def test_each_kind_of_file_is_what_it_says(address, name, mime_type, start):
    answer = fetch(address(name))

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, mime_type)
    assert answer.content.startswith(start)
    assert answer.content == fetch(address(name)).content


def test_a_picture_has_as_many_points_as_it_says_and_its_sums_are_right(address):
    body = fetch(address("julie.png")).content
    width, height = struct.unpack(">II", body[16:24])
    length = struct.unpack(">I", body[33:37])[0]
    data = body[41 : 41 + length]

    assert zlib.crc32(b"IDAT" + data) == struct.unpack(">I", body[41 + length : 45 + length])[0]
    assert len(zlib.decompress(data)) == height * (1 + 3 * width)
    assert body != fetch(address("marc.png")).content


def test_an_address_ends_and_cannot_be_made_up(fresh, address):
    fresh.configure(media_seconds=60)
    url = address("a.png")

    assert fetch(url).status_code == 200
    assert fetch(url.replace("a.png", "b.png")).status_code == 403
    assert fetch(url.partition("?")[0]).status_code == 403
    fresh.configure(clock_offset=61)
    assert fetch(url).status_code == 403


def test_a_file_that_was_sent_can_be_fetched_and_asked_for_anew(fresh, sink, drained):
    fresh.configure(media_seconds=60)
    mid = fresh.message(FACEBOOK, attachments=[{"type": "image"}])["id"]
    drained()

    [attached] = sink.items()[0]["message"]["attachments"]
    assert fetch(attached["payload"]["url"]).headers["Content-Type"] == "image/png"
    fresh.configure(clock_offset=61)
    assert fetch(attached["payload"]["url"]).status_code == 403
    [again] = graph(fresh, "GET", mid, params={"fields": "attachments"}).json()["attachments"]["data"]
    assert fetch(again["image_data"]["url"]).status_code == 200


@pytest.mark.parametrize(
    ("name", "status", "mime_type"),
    [
        ("gone.png", 404, "text/plain"),
        ("page.png", 200, "text/html"),
        ("disguised.png", 200, "image/png"),
        ("inward.png", 302, "text/html; charset=utf-8"),
    ],
)
def test_some_files_are_traps(address, name, status, mime_type):
    answer = fetch(address(name))

    assert (answer.status_code, answer.headers["Content-Type"]) == (status, mime_type)
    assert b"PNG" not in answer.content
