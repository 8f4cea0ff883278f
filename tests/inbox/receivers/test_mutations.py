"""Signed bodies with parts of them missing, or something else: stored, taken in, and whatever cannot be read counted."""

import json
import random

import pytest
from django.utils import timezone

from inbox import intake, platforms
from inbox.channels import variables
from inbox.channels.watching import health
from inbox.models import Channel, Delivery, Message, UnhandledEvent
from inbox.platforms.base import Unrecognised
from inbox.platforms.google.push import Keys
from tests.factories import NOON, make_channel
from tests.inbox.platforms import server
from tests.inbox.platforms.contract import CHANNEL, FIXTURES, contracts, events_of
from tests.inbox.platforms.google.test_google import ACCOUNT, bearer, public
from tests.inbox.platforms.mutations import LONG, mutated, sent_by
from tests.inbox.wire import post, sign_website

pytestmark = pytest.mark.django_db

MANY = 40  # bodies of each receiver
SMALL = 10_000  # bytes, of what is taken further apart
Outcome = Delivery.Outcome


@pytest.fixture
def google(settings):
    """The header of a push: it is of no body."""
    platforms.family("google").keys = Keys()
    with server.running() as running:
        settings.GOOGLE_CERTS_URL, settings.GOOGLE_PUSH_ACCOUNT = running.url, ACCOUNT
        settings.PUBLIC_URL = "https://inbox.example"
        running.says({"keys": [public("one")]})
        issued = int(timezone.now().timestamp())
        yield bearer("one", iat=issued, exp=issued + 3600)


@pytest.fixture
def send(client, place, google):
    """send(family, body): signed as its platform signs it; the status it was answered with."""
    make_channel(place, "google", external_id="locations/2")
    proofs = {}
    for each in contracts():
        page = events_of(each.platform, each.sample)[0].channel_id
        make_channel(place, each.platform, external_id=page, token="site-secret" if each.platform == "website" else "token")
        proofs[platforms.get(each.platform).family] = each.headers
    # A push carries a proof of its own, and a site's is of the moment.
    proofs |= {
        "google": lambda body, _secret: google,
        "website": lambda body, _secret: sign_website(body, "site-secret", timezone.now()),
    }

    def signed(family, body):
        hooks = platforms.family(family)
        secret = next(iter(hooks.secrets(variables(hooks.variables))), "")
        return post(client, body, proofs[family](body, secret), f"/hooks/{path_of(family)}/")

    return signed


def path_of(family: str) -> str:
    return f"{family}/{CHANNEL}" if platforms.family(family).addressed else family


def sample(family: str) -> list[bytes]:
    """Some of its bodies, each with up to three parts replaced; the same ones every time."""
    chance, paths = random.Random(f"mutations of {family}"), sent_by(family)
    found: set[bytes] = set()
    while len(found) < MANY:
        body = json.loads(chance.choice(paths).read_bytes())
        for _ in range(chance.randint(1, 3)):
            body = chance.choice([each for each in mutated(body) if isinstance(each, dict | list)])
            found.add(raw := json.dumps(body).encode())
            if len(raw) > SMALL:
                break
    return sorted(found)


@pytest.mark.parametrize("family", [family.slug for family in platforms.families()])
def test_whatever_is_signed_is_stored_and_taken_in_and_what_cannot_be_read_is_counted(send, family):
    bodies = sample(family)
    assert {send(family, body) for body in bodies} == {200}
    assert Delivery.objects.count() == len(bodies)

    intake.drain(now=timezone.now(), limit=2 * len(bodies))

    check(path_of(family), bodies)


@pytest.mark.parametrize(
    ("family", "fixture", "entries"), [("meta", "facebook/comment_add", "entry"), ("linkedin", "linkedin/batch", "notifications")]
)
def test_a_batch_of_a_thousand_is_taken_in_whatever_stands_between(send, family, fixture, entries):
    body = json.loads((FIXTURES / f"{fixture}.json").read_bytes())
    odd = [None, 7, "x", [], {"id": None}, *body[entries]]
    raw = json.dumps(body | {entries: (odd * LONG)[:LONG]}).encode()
    assert send(family, raw) == 200

    intake.drain(now=timezone.now())

    check(path_of(family), [raw])
    assert Message.objects.count() == 1


def check(endpoint: str, bodies: list[bytes]) -> None:
    """Each was taken in at once, and each part of it that nobody can read is kept and counted, on a page or as nobody's."""
    failed = Delivery.objects.exclude(attempts=0, outcome__in=[Outcome.DONE, Outcome.PARTLY])
    assert [(each.error, bytes(each.body)[:500]) for each in failed] == []
    events = [event for body in bodies for event in platforms.parse(endpoint, body, received_at=NOON)]
    unread = sum(isinstance(event, Unrecognised) for event in events)
    of_pages = health.counted(list(Channel.objects.values_list("pk", flat=True)), now=timezone.now()).values()
    assert sum(each.set_aside for each in of_pages) + UnhandledEvent.unread_of_nobody().count() == unread > 0
