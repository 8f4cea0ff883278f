"""What goes wrong on the platform's side is noticed, and explained on the page's own page, without anybody looking for it."""

from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from accounts.access import Role
from inbox import intake
from inbox.channels.gaps import reconciliation
from inbox.channels.watching import checks
from inbox.models import Channel, Conversation, Gap, Notice
from tests.factories import make_channel, make_member

pytestmark = pytest.mark.django_db
PAGE, TOKEN = "100200300400501", "dev-token-fb-vieux-quai"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def page(fresh, settings, place):
    settings.META_GRAPH_URL = fresh.url
    now = timezone.now()
    return make_channel(place, external_id=PAGE, token=TOKEN, connected_at=now - timedelta(days=30), listed_at=now - 10 * MINUTE)


@pytest.fixture
def shown(sign_in, place):
    manager = make_member(place.organization, Role.MANAGER)

    def show(page):
        return sign_in(manager).get(page.get_absolute_url()).content.decode()

    return show


def look(page, now):
    Channel.objects.filter(pk=page.pk).update(list_at=now)
    reconciliation.compare(page.pk, now=now)
    intake.drain(now=now)


def check(page, now):
    Channel.objects.filter(pk=page.pk).update(check_at=now)
    return checks.check(page.pk, now=now)


def test_a_dropped_delivery(page, fresh, shown):
    fresh.comment(PAGE, "Êtes-vous ouverts lundi?")  # its webhook goes somewhere else

    look(page, timezone.now() + 3 * MINUTE)

    conversation = Conversation.objects.get(preview="Êtes-vous ouverts lundi?")
    assert conversation.due_at
    assert Gap.objects.filter(cause="dropped", kind="missing").exists()
    text = shown(page)
    assert "no webhook came, although the platform was to send one" in text
    assert conversation.get_absolute_url() in text


def test_an_expired_token(page, fresh, shown):
    fresh.kill_keys("463", page=PAGE)
    text_before = shown(page)

    assert not check(page, timezone.now())

    assert "This page does not work" not in text_before
    text = shown(page)
    assert "This page does not work" in text
    assert "The platform no longer accepts the access token." in text
    assert Notice.objects.filter(kind="token_dead", mail_at__isnull=False).exists()


def test_a_removed_subscription(page, fresh, shown):
    now = timezone.now()
    assert check(page, now)  # and asks for what is missing at first
    assert check(page, now + MINUTE)
    address = f"{fresh.url}/v26.0/{PAGE}/subscribed_apps"
    removed = requests.delete(address, params={"access_token": TOKEN}, timeout=10)
    fresh.comment(PAGE, "Et mardi?")

    assert removed.json() == {"success": True}
    assert check(page, now + 5 * MINUTE)
    look(page, now + 6 * MINUTE)

    page.refresh_from_db()
    assert page.subscribed
    assert Gap.objects.filter(cause="unsubscribed", kind="missing").exists()
    text = shown(page)
    assert "The platform sent no webhooks" in text
    assert "We asked for the webhooks again." in text
    assert Notice.objects.filter(kind="resubscribed").exists()
