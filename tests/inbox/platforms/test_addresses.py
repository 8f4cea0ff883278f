"""Only public addresses are called, whatever way a private one is written, and whatever a name stands for."""

import socket

import pytest
import requests

from inbox.platforms import addresses
from inbox.platforms.addresses import NotPublic
from tests.inbox.platforms.server import Platform, Saying


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are(address):
    assert addresses.is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.8",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",  # the address that clouds answer secrets at
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "240.0.0.1",
        "2002:7f00:1::",  # 6to4 of 127.0.0.1
        "64:ff9b::7f00:1",  # 127.0.0.1 behind a translator
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "not an address",
        "",
    ],
)
def test_all_others_are_not(address):
    assert not addresses.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://2130706433/",  # the same as one number
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://[::1]:8000/",
        "http://localhost/",
        "https://someone:secret@8.8.8.8/",
        "ftp://8.8.8.8/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//8.8.8.8/",
        "http://",
        "http://8.8.8.8:99999/",
        "http://[::1",
        "http://a..b/",
        "",
    ],
)
def test_what_does_not_lead_outside_is_refused(url):
    with pytest.raises(NotPublic):
        addresses.check(url)


def test_a_public_address_may_be_called():
    addresses.check("https://8.8.8.8/")


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    def two_faced(host, port, **kind):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", two_faced)

    with pytest.raises(NotPublic):
        addresses.check("https://two-faced.example.com/")


def test_an_origin_that_is_allowed_may_be_private():
    addresses.check("http://127.0.0.1:8100/x", allowed={"http://127.0.0.1:8100"})

    with pytest.raises(NotPublic):
        addresses.check("http://127.0.0.1:8101/x", allowed={"http://127.0.0.1:8100"})


def test_the_port_of_an_origin_need_not_be_written():
    """As PRIVATE_ORIGINS is documented."""
    assert addresses.is_one_of("https://intranet.example.com/hook", ["https://intranet.example.com"])
    assert addresses.is_one_of("https://intranet.example.com:443/hook", ["https://Intranet.example.com/"])
    assert not addresses.is_one_of("http://intranet.example.com/hook", ["https://intranet.example.com"])
    assert not addresses.is_one_of("https://intranet.example.com:8443/", ["https://intranet.example.com"])


def test_a_session_reaches_what_is_allowed_and_nothing_else_inside(platform: Platform):
    platform.says(Saying({"ok": True}))

    assert addresses.session(allowed=[platform.url]).get(platform.url, timeout=5).json() == {"ok": True}
    with pytest.raises(requests.ConnectionError):
        addresses.session().get(platform.url, timeout=5)
    assert len(platform.asked) == 1


def test_a_name_that_changes_its_mind_after_the_check_leads_nowhere(platform: Platform, monkeypatch):
    answers = iter(["8.8.8.8", "127.0.0.1"])
    port = int(platform.url.rpartition(":")[2])
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, _port, **kind: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]
    )
    addresses.check("http://rebinding.example.com/")

    with pytest.raises(requests.ConnectionError):
        addresses.session().get(f"http://rebinding.example.com:{port}/", timeout=5)
    assert platform.asked == []


def test_an_origin_that_begins_like_an_allowed_one_is_another(platform: Platform):
    short = platform.url[:-1]  # its port without the last digit

    with pytest.raises(requests.ConnectionError):
        addresses.session(allowed=[short]).get(platform.url, timeout=5)
    assert platform.asked == []
