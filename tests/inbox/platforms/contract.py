"""What every platform's receiving half must do: a new platform inherits these tests, and names its fixtures."""

import json
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbox import platforms
from inbox.platforms import wire
from inbox.platforms.base import BadSignature, Event, Malformed, OwnTurn, Received, Unrecognised
from tests.factories import NOON

HERE = Path(__file__)
FIXTURES = HERE.parents[2] / "fixtures"
SECRET, OLDER = "unit-test-secret", "unit-test-older-secret"
CHANNEL = "the-channel"  # where each has an address of its own

fuzz = settings(
    max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.differing_executors]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def body_of(platform: str, name: str) -> bytes:
    return (FIXTURES / platform / f"{name}.json").read_bytes()


def events_of(platform: str, name: str) -> list[Event]:
    return events_in(platforms.get(platform).family, body_of(platform, name))


def events_in(family: str, body: bytes | dict | list) -> list[Event]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    channel = CHANNEL if platforms.family(family).addressed else ""
    return list(platforms.parse(platforms.endpoint_of(family, channel), raw, received_at=NOON))


def only(platform: str, name: str) -> Event:
    (event,) = events_of(platform, name)
    return event


def at(moment: int) -> datetime:
    """Seconds since 1970, as fixtures tell them."""
    return datetime.fromtimestamp(moment, UTC)


def mutations(value: Any) -> st.SearchStrategy:
    """This payload with parts of it replaced by anything at all, or missing."""
    if isinstance(value, dict):
        whole = st.fixed_dictionaries({}, optional={key: mutations(item) for key, item in value.items()})
        return st.one_of(whole, whole, whole, JSON)
    if isinstance(value, list):
        return st.one_of(st.tuples(*map(mutations, value)).map(list), JSON)
    return st.one_of(st.just(value), st.just(value), JSON)


class PlatformContract:
    platform: ClassVar[str]
    sample: ClassVar[str]  # a fixture with one Received
    junk: ClassVar[tuple[str, ...]]  # fixtures to take apart

    @pytest.fixture
    def family(self):
        return platforms.family(platforms.get(self.platform).family)

    @pytest.fixture
    def body(self) -> bytes:
        return body_of(self.platform, self.sample)

    def headers(self, body: bytes, secret: str = SECRET) -> dict[str, str]:
        raise NotImplementedError

    def names(self) -> list[str]:
        return sorted(path.stem for path in (FIXTURES / self.platform).glob("*.json"))

    # --- signatures

    def test_a_signed_body_is_believed(self, family, body):
        assert family.verify(self.headers(body), body, secrets=[SECRET], now=NOON)

    def test_a_header_is_found_whatever_its_capitals(self, family, body):
        headers = {name.upper(): value for name, value in self.headers(body).items()}
        assert family.verify(headers, body, secrets=[SECRET], now=NOON)

    def test_the_second_candidate_secret_counts_too(self, family, body):
        assert family.verify(self.headers(body, OLDER), body, secrets=[SECRET, OLDER], now=NOON)

    def test_a_changed_body_is_refused(self, family, body):
        with pytest.raises(BadSignature):
            family.verify(self.headers(body), body + b" ", secrets=[SECRET], now=NOON)

    def test_a_foreign_secret_is_refused(self, family, body):
        with pytest.raises(BadSignature):
            family.verify(self.headers(body, "somebody else's"), body, secrets=[SECRET, OLDER], now=NOON)

    def test_no_signature_is_refused(self, family, body):
        with pytest.raises(BadSignature):
            family.verify({}, body, secrets=[SECRET], now=NOON)

    def test_an_empty_secret_proves_nothing(self, family, body):
        for secrets in ([], [""]):
            with pytest.raises(BadSignature):
                family.verify(self.headers(body, ""), body, secrets=secrets, now=NOON)

    @pytest.mark.parametrize(
        "value", ["", "sha256=", "sha256", "=", "é" * 64, "0" * 64, "sha256=" + "g" * 64, "\ud800", "a" * 10_000]
    )
    def test_a_signature_that_is_none_is_refused_and_nothing_else(self, family, body, value):
        with pytest.raises(BadSignature):
            family.verify(dict.fromkeys(self.headers(body), value), body, secrets=[SECRET], now=NOON)

    @fuzz
    @given(st.text(max_size=100), st.binary(max_size=100))
    def test_no_header_can_do_more_than_be_refused(self, value, raw):
        family = platforms.family(platforms.get(self.platform).family)
        with pytest.raises(BadSignature):
            family.verify(dict.fromkeys(self.headers(raw), value), raw, secrets=[SECRET], now=NOON)

    # --- reading

    def test_the_same_body_twice_gives_equal_events(self):
        for name in self.names():
            assert events_of(self.platform, name) == events_of(self.platform, name)

    def test_every_time_is_aware(self):
        for name in self.names():
            for event in events_of(self.platform, name):
                moment = getattr(event, "at", None)
                assert moment is None or moment.utcoffset() is not None, name

    def test_turns_name_their_channel_and_their_thread(self):
        for name in self.names():
            for event in events_of(self.platform, name):
                if isinstance(event, Received | OwnTurn):
                    assert event.platform == self.platform
                    assert event.channel_id, name
                    assert event.external_id, name
                    assert event.thread, name

    def test_what_is_no_json_object_or_list_is_malformed(self, family):
        for raw in (b"", b"{", b"12", b'"text"', b"null", b"\xff\xfe\xff", b"[" * 100_000, b"<html>", b'{"a":' + b"9" * 5000):
            with pytest.raises(Malformed):
                list(family.parse(raw, received_at=NOON))

    @pytest.mark.parametrize("moment", [-1, 0, 10**30, 1.7e308, "1795430409", "soon", True, None, [], {}])
    def test_an_absurd_time_is_no_time(self, moment):
        (event,) = self.with_time(moment)
        assert isinstance(event, Received)
        assert event.at is None

    def with_time(self, moment: Any) -> list[Event]:
        """The events of the sample, with this as its time."""
        raise NotImplementedError

    def test_nul_and_halves_of_characters_are_made_safe(self):
        (event,) = self.with_text("a\0b\ud83d c")
        assert isinstance(event, Received)
        assert event.text == "ab\ufffd c"

    def test_a_character_in_two_halves_is_whole(self):
        (event,) = self.with_text("merci 🙏")
        assert isinstance(event, Received)
        assert event.text == "merci 🙏"

    def with_text(self, text: str) -> list[Event]:
        raise NotImplementedError

    def test_an_id_longer_than_what_is_kept_is_kept_aside(self):
        (event,) = self.with_id("9" * 301)
        assert isinstance(event, Unrecognised)

    def with_id(self, external_id: str) -> list[Event]:
        raise NotImplementedError

    @fuzz
    @given(st.dictionaries(st.text(max_size=8), JSON, max_size=4) | st.lists(JSON, max_size=4))
    def test_any_json_gives_events(self, payload):
        self.read_all(payload)

    @fuzz
    @given(st.data())
    def test_a_payload_with_any_part_replaced_gives_events(self, data):
        name = data.draw(st.sampled_from(self.junk))
        self.read_all(data.draw(mutations(json.loads(body_of(self.platform, name)))))

    def read_all(self, payload: Any) -> None:
        if not isinstance(payload, dict | list):
            payload = [payload]
        for event in events_in(platforms.get(self.platform).family, payload):
            assert isinstance(event, Event)
            assert len(event.channel_id) <= wire.PERSON_ID
            if isinstance(event, Received | OwnTurn):
                event.text.encode()
                assert 0 < len(event.external_id) <= wire.ID
                assert "\0" not in event.text + event.external_id + event.thread


def contracts() -> list[PlatformContract]:
    """Those of every platform that inherits these tests: no list of them is kept."""
    for file in sorted(HERE.parent.rglob("test_*.py")):
        if "(PlatformContract):" in file.read_text():
            import_module(".".join(file.relative_to(HERE.parents[3]).with_suffix("").parts))
    return [each() for each in PlatformContract.__subclasses__()]
