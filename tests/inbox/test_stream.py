import asyncio
from contextlib import asynccontextmanager

import pytest
from django.core import signing
from django.db import transaction

from inbox import live, stream
from tests.factories import make_member

pytestmark = pytest.mark.django_db(transaction=True)


class Reader:
    """The browser's side of one connection."""

    def __init__(self, path):
        self.scope = {"type": "http", "method": "GET", "path": path}
        self.sent = asyncio.Queue()
        self.gone = asyncio.Event()

    async def receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        await self.sent.put(message)

    async def next(self):
        return await asyncio.wait_for(self.sent.get(), 5)


@asynccontextmanager
async def reading(path):
    stream.hub = stream.Hub()
    reader = Reader(path)
    running = asyncio.create_task(stream.application(reader.scope, reader.receive, reader.send))
    yield reader
    reader.gone.set()
    await asyncio.wait_for(running, 5)
    if stream.hub._listener:
        stream.hub._listener.cancel()


def path_of(member):
    return f"/live/{live.token(member)}"


def test_a_reader_is_told_at_once_and_again_when_something_happens(place):
    member = make_member(place.organization)

    async def scenario():
        async with reading(path_of(member)) as reader:
            assert (await reader.next())["status"] == 200
            assert b"event: inbox" in (await reader.next())["body"]
            await reader.next()  # the subscription stands: what was said meanwhile
            await asyncio.to_thread(live._publish, member.organization_id)
            assert b"event: inbox" in (await reader.next())["body"]

    asyncio.run(scenario())


def test_a_reader_is_not_told_of_another_organization(place, outsider):
    member = make_member(place.organization)

    async def scenario():
        async with reading(path_of(member)) as reader:
            for _ in range(3):
                await reader.next()
            await asyncio.to_thread(live._publish, outsider.organization_id)
            await asyncio.to_thread(live._publish, member.organization_id)
            assert b"event: inbox" in (await reader.next())["body"]
            assert reader.sent.empty()

    asyncio.run(scenario())


@pytest.mark.parametrize("path", ["/live/nonsense", "/live/", "/live/1:abc:def", "/other/"])
def test_without_a_good_token_there_is_no_stream(path):
    async def scenario():
        async with reading(path) as reader:
            assert (await reader.next())["status"] == 403

    asyncio.run(scenario())


def test_a_token_grows_old(place, monkeypatch):
    token = live.token(make_member(place.organization))
    monkeypatch.setattr(live, "TOKEN_SECONDS", -1)

    with pytest.raises(signing.SignatureExpired):
        live.read_token(token)


def test_a_reader_who_leaves_is_forgotten(place):
    member = make_member(place.organization)

    async def scenario():
        async with reading(path_of(member)) as reader:
            await reader.next()
            assert len(stream.hub.readers) == 1
        assert not stream.hub.readers

    asyncio.run(scenario())


def test_a_nudge_is_given_only_when_the_change_is_committed(place):
    with live.redis().pubsub(ignore_subscribe_messages=True) as ears:
        ears.subscribe(live.CHANNEL.format(place.organization_id))
        ears.get_message(timeout=5)  # the subscription itself
        with transaction.atomic():
            live.nudge(place.organization_id)
            transaction.set_rollback(True)
        assert ears.get_message(timeout=0.2) is None

        with transaction.atomic():
            live.nudge(place.organization_id)
        assert ears.get_message(timeout=5) is not None
