"""One identifier of each kind, planted in every field that a platform can fill, is looked for in everything that is written."""

import html
import json
import logging
import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from accounts.access import Role
from accounts.models import AuditEntry
from inbox import conversations, crises, platforms, waits
from inbox.cases import alerts
from inbox.models import Contact, Conversation, KeptWords, Message, Notice, Post, SafetyCase
from inbox.news import mails
from responses.models import Reply
from tests.factories import DAY, MINUTE, make_channel, make_contact, make_conversation, make_message
from tests.inbox.wire import feed, messenger, own_feed, store, take_in
from tests.test_urls import CLASSIFIED, ask
from tests.url_examples import make_world

pytestmark = pytest.mark.django_db

# Made up, or test vectors: nobody's.
PLANTED = {
    "ramq": "ZORM 6253 1492",
    "sin": "130 692 544",
    "ohip": "9876 543 217 KL",
    "bc_phn": "9123 456 789",
    "phone": "514 555-0177",
    "email": "plante.verte@example.com",
    "dob": "14 mars 1962",
    "rx_number": "7654321",
    "postal_code": "G1R 4S9",
    "address": "4512, rue des Lilas",
    "name": "Gédéon Lavigueur",
    "record_number": "88412",
}
SENTENCES = [
    f"Ma carte soleil: {PLANTED['ramq']}.",
    f"Mon NAS: {PLANTED['sin']}.",
    f"Ontario health card {PLANTED['ohip']}.",
    f"My PHN: {PLANTED['bc_phn']}.",
    f"Appelez au {PLANTED['phone']}.",
    f"Écrivez à {PLANTED['email']}.",
    f"Je suis née le {PLANTED['dob']}.",
    f"Ordonnance no {PLANTED['rx_number']}.",
    f"Code postal {PLANTED['postal_code']}.",
    f"J’habite au {PLANTED['address']}.",
    f"Je m’appelle {PLANTED['name']}.",
    f"Dossier {PLANTED['record_number']}.",
]
ALL = " ".join(SENTENCES)


def found_in(written: str) -> set[str]:
    """The kinds whose value can be read there: as it stands, behind HTML’s and JSON’s signs, and across tags."""
    plain = html.unescape(written)
    texts = [plain, re.sub(r"<[^>]+>", "", plain), re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), written)]
    return {kind for kind, value in PLANTED.items() if any(value in text for text in texts)}


def test_what_is_planted_can_be_found():
    assert found_in(f"<p>{ALL}</p>") == set(PLANTED)
    assert found_in(json.dumps(ALL)) == set(PLANTED)


@pytest.fixture(autouse=True)
def alone(settings):
    for variable in platforms.variables():
        if variable.kind == "url":
            setattr(settings, variable.name, "http://127.0.0.1:9")
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "planted"}}


@pytest.fixture
def world(caplog):
    caplog.set_level(logging.DEBUG)
    made, now = make_world(), timezone.now()
    _, _, number = made.conversation.thread_id.partition("_")
    edits = [feed(made.channel, number, now + step * MINUTE, verb="edited", message=f"{ALL} {step}") for step in (1, 2)]
    take_in(*edits, at=now + 3 * MINUTE)
    made.conversation.messages.update(attachments=[{"type": "unsupported", "title": ALL}])
    Contact.objects.filter(pk=made.conversation.contact_id).update(name=f"Nom: {ALL}"[:200])
    Post.objects.update(text=ALL, kind="mention")
    author = {"id": "991", "name": f"Zoé {PLANTED['ramq']} {PLANTED['phone']} {PLANTED['email']}"}
    take_in(
        feed(made.channel, "81", now, message=ALL, author=author),
        feed(made.channel, "82", now, message=f"Et encore: {ALL}", parent="81", author=author),
        own_feed(made.channel, "83", now + MINUTE, parent="81", message=f"Vous avez écrit: {ALL}"),
        messenger(made.channel, "m-1", now, text=ALL, attachments=[{"type": "fallback", "payload": {"title": ALL}}]),
        messenger(made.channel, "m-2", now + MINUTE, text=f"Je répète: {ALL}", echo=True),
        at=now + 3 * MINUTE,
    )
    _delete(made, now, author)
    for platform, kind in (("google", "review"), ("website", "comment"), ("instagram", "comment")):
        channel = make_channel(made.here, platform)
        talk = make_contact(channel, name=f"Nom: {ALL}"[:200])
        _write(channel, talk, kind, now)
    conversations.add_note(made.conversation, f"Rappeler: {ALL}", by=made.of_role(Role.PHARMACIST), now=now)
    Reply.objects.update(text=f"On vous a écrit: {ALL}")
    conversations.close(made.conversation, "spam", reason=ALL, by=made.of_role(Role.MANAGER), now=now + 4 * MINUTE)
    store(b'{"object": "page", "entry": [{"messaging": "' + ALL.encode() + b'"', at=now)
    return made


def _delete(made, now, author):
    """What told of harm and of a danger, and is gone from everywhere but the case and the red notice."""
    harm, danger = f"Depuis la pilule bleue j’ai des plaques partout. {ALL}", "J’en peux plus, je veux mourir. Mon numéro: "
    for number, told in (("harm", harm), ("danger", danger + PLANTED["phone"])):
        take_in(
            feed(made.channel, number, now, message=told, author=author),
            feed(made.channel, number, now + MINUTE, verb="edited", message=f"{told}. Encore."),
            feed(made.channel, number, now + MINUTE, verb="remove"),
            at=now + 3 * MINUTE,
        )
    made.case = SafetyCase.objects.get(message__external_id="900111_harm")
    crises.attend(now=now + 3 * MINUTE)


def _write(channel, contact, kind, now):
    conversation = make_conversation(channel, kind, contact=contact, at=now)
    make_message(conversation, text=ALL, at=now)


def test_every_kind_is_seen(world):
    read = Message.objects.filter(conversation=world.conversation, findings__text_digest__gt="")
    types = set(read.values_list("findings__type", flat=True))

    assert set(PLANTED) <= types, set(PLANTED) - types


@pytest.mark.parametrize("role", Role)
def test_no_page_shows_it_nor_writes_it_down_whoever_asks(world, role, caplog):
    """Also to who may see it: not before they ask for it, message by message."""
    member = world.of_role(role)
    Notice.objects.filter(pk=world.notice.pk).update(membership=member)
    leaks = {}
    for url in CLASSIFIED:
        if url.access == "public":
            continue
        for method, _status, body in ask(url.address(world), member):
            if kinds := found_in(body):
                leaks[f"{method} {url.name}"] = kinds
    assert leaks == {}
    assert found_in(caplog.text) == set()


@pytest.mark.parametrize("role", Role)
def test_words_that_are_kept_are_masked_where_they_are_shown(world, role, caplog, client):
    danger = Conversation.objects.get(messages__external_id="900111_danger")
    client.force_login(world.of_role(role).user, backend="allauth.account.auth_backends.AuthenticationBackend")
    addresses = danger.get_absolute_url(), f"/inbox/safety/{world.case.pk}/", f"/inbox/safety/{world.case.pk}/summary/"

    for address, words in zip(addresses, ("veux mourir", "plaques partout", "plaques partout"), strict=True):
        shown = client.get(address).text
        assert "Encore." in shown
        assert words in shown
        assert found_in(shown) == set()
    assert found_in(caplog.text) == set()
    assert not any(PLANTED["phone"].encode() in bytes(row.sealed) for row in KeptWords.objects.all())


def test_no_export_trail_mail_or_log_holds_it(world, caplog):
    now = timezone.now()
    waits.flag_due(now=now + 30 * DAY)
    SafetyCase.objects.update(duty=True, alert_at=now)
    alerts.alert_due(now=now + 30 * DAY)
    mails.send_due(now=now + 30 * DAY)
    exported = StringIO()
    call_command("export", "conversations", stdout=exported)

    assert found_in(exported.getvalue()) == set()
    assert found_in(json.dumps([[entry.subject, entry.detail] for entry in AuditEntry.objects.all()])) == set()
    assert "/inbox/safety/" in "".join(str(message.body) for message in mail.outbox)
    assert found_in("\n".join(f"{message.subject}\n{message.body}" for message in mail.outbox)) == set()
    assert found_in(caplog.text) == set()
