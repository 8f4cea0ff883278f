"""pywa, a public client of WhatsApp that none of us wrote, against the running simulator: what it cannot read is our fault."""

import httpx
import pytest
from pywa import WhatsApp, types
from pywa.errors import ReEngagementMessage, TemplateParamCountMismatch, TooManyMessages
from pywa.types import MessageStatusType, MessageType

from tests.simulator.calls import WABA, WHATSAPP, WHATSAPP_TOKEN

JULIE = "Julie Exemple"


class Heard:
    """A pywa client whose calls go to the simulator, and all that its handlers were given."""

    def __init__(self, url, sink, drained):
        self.sink, self.drained, self.updates, self.raw = sink, drained, [], []
        session = httpx.Client(trust_env=False)
        self.client = WhatsApp(
            phone_id=WHATSAPP,
            waba_id=WABA,
            token=WHATSAPP_TOKEN,
            session=session,
            verify_token="dev-verify-token",
            app_secret="dev-meta-app-secret",
            skip_duplicate_updates=False,
        )
        session.base_url = f"{url}/v26.0"
        self.session = session
        for listen in (
            self.client.on_message,
            self.client.on_edited_message,
            self.client.on_deleted_message,
            self.client.on_message_status,
            self.client.on_callback_button,
            self.client.on_callback_selection,
            self.client.on_phone_number_change,
            self.client.on_outgoing_message,
        ):
            listen(lambda _, update: self.updates.append(update))
        self.client.on_raw_update(lambda _, update: self.raw.append(update))

    def listen(self):
        """Give pywa what the sink received, after its own check of the signature; the updates it made of it."""
        self.drained()
        for each in self.sink.received:
            assert self.client.webhook_update_validator(each.body, each.headers["X-Hub-Signature-256"]) is None
            assert self.client.webhook_update_handler(each.body) == ("ok", 200)
        self.sink.clear()
        heard, self.updates = self.updates, []
        return heard


@pytest.fixture
def pywa(fresh, sink, drained):
    heard = Heard(fresh.url, sink, drained)
    yield heard
    heard.session.close()


@pytest.fixture
def julie(fresh, pywa):
    """Her first message, as pywa reads it."""
    fresh.message(WHATSAPP, "Êtes-vous ouverts ?", author=JULIE)
    [message] = pywa.listen()
    return message


def test_a_message_is_read_with_its_author_and_both_ids(julie):
    assert isinstance(julie, types.Message)
    assert (julie.type, julie.text) == (MessageType.TEXT, "Êtes-vous ouverts ?")
    assert julie.from_user.name == JULIE
    assert julie.from_user.bsuid.startswith("CA.")
    assert julie.from_user.wa_id.startswith("1")
    assert julie.metadata.phone_number_id == WHATSAPP


def test_an_author_without_a_number_is_read_and_answered(fresh, pywa):
    fresh.ask("POST", "whatsapp/identity", {"page": WHATSAPP, "author": JULIE, "withheld": True, "username": "@julie"})
    fresh.message(WHATSAPP, "Bonjour", author=JULIE)
    [message] = pywa.listen()

    sent = message.reply("Bonjour Julie")
    first, *_ = pywa.listen()

    assert (message.from_user.wa_id, message.from_user.username) == (None, "@julie")
    assert sent.chat.id == message.from_user.bsuid
    assert first.from_user.bsuid == message.from_user.bsuid


@pytest.mark.parametrize(
    ("given", "attribute"),
    [
        ({"attachments": [{"type": "image"}], "text": "Photo"}, "image"),
        ({"attachments": [{"type": "video"}]}, "video"),
        ({"attachments": [{"type": "audio", "voice": True}]}, "voice"),
        ({"attachments": [{"type": "sticker", "animated": True}]}, "sticker"),
        ({"attachments": [{"type": "file", "filename": "plan.pdf"}]}, "document"),
        ({"extra": {"type": "location", "location": {"latitude": 45.5, "longitude": -73.5, "name": "Parc"}}}, "location"),
        ({"extra": {"type": "contacts", "contacts": [{"name": {"formatted_name": "G.", "first_name": "G."}}]}}, "contacts"),
        (
            {
                "extra": {
                    "type": "order",
                    "order": {
                        "catalog_id": "1",
                        "product_items": [
                            {"product_retailer_id": "2", "quantity": 1, "item_price": 9.5, "currency": "CAD"},
                        ],
                    },
                }
            },
            "order",
        ),
        ({"extra": {"type": "unsupported"}}, "unsupported"),
        ({"extra": {"referral": {"source_url": "https://example.com", "source_type": "ad", "source_id": "3"}}}, "referral"),
    ],
)
def test_every_type_of_message_is_read(fresh, pywa, given, attribute):
    fresh.message(WHATSAPP, given.pop("text", "Bonjour"), author=JULIE, **given)

    [message] = pywa.listen()

    assert getattr(message, attribute) is not None


def test_the_type_that_the_api_does_not_know_says_why(fresh, pywa):
    fresh.message(WHATSAPP, author=JULIE, extra={"type": "unsupported"})

    [message] = pywa.listen()

    assert message.error.code == 131051


def test_buttons_and_lists_that_people_press_are_read(fresh, pywa, julie):
    pressed = {"type": "button", "button": {"text": "Oui", "payload": "OUI"}}
    chosen = {
        "type": "interactive",
        "interactive": {"type": "list_reply", "list_reply": {"id": "samedi", "title": "Samedi", "description": "10 h"}},
    }
    fresh.message(WHATSAPP, author=JULIE, extra=pressed, reply_to=julie.id)
    fresh.message(WHATSAPP, author=JULIE, extra=chosen, reply_to=julie.id)

    button, selection = pywa.listen()

    assert (button.title, button.data) == ("Oui", "OUI")
    assert (selection.title, selection.data, selection.reply_to_message.id) == ("Samedi", "samedi", julie.id)


def test_edits_withdrawals_and_reactions_are_read(fresh, pywa, julie):
    fresh.edit_message(julie.id, "Êtes-vous ouverts lundi ?")
    fresh.react_to_message(julie.id, "love")
    fresh.react_to_message(julie.id, "")
    fresh.delete_message(julie.id)

    edited, reacted, taken_back, deleted = pywa.listen()

    assert (edited.original_message_id, edited.message.text) == (julie.id, "Êtes-vous ouverts lundi ?")
    assert (reacted.reaction.message_id, reacted.reaction.emoji) == (julie.id, "❤️")
    assert taken_back.reaction.is_removed
    assert deleted.original_message_id == julie.id


def test_a_changed_number_and_an_echo_are_read(fresh, pywa, julie):
    fresh.native_message(WHATSAPP, "Je vous rappelle", author=JULIE)
    fresh.ask("POST", "whatsapp/number", {"page": WHATSAPP, "author": JULIE, "wa_id": "14185550177"})

    echo, moved, renamed = pywa.listen()

    assert (echo.to_user.wa_id, echo.text) == (julie.from_user.wa_id, "Je vous rappelle")
    assert (moved.old_wa_id, moved.new_wa_id) == (julie.from_user.wa_id, "14185550177")
    assert renamed.new_user_id == moved.new_user_id != julie.from_user.bsuid


def test_a_text_a_reply_and_a_reaction_are_sent_and_their_statuses_read(fresh, pywa, julie):
    sent = pywa.client.send_message(to=julie.from_user.wa_id, text="Bonjour", tracker="inbox:msg:8f3a")
    quoted = julie.reply("Oui, jusqu’à 21 h.", quote=True)
    reacted = julie.react("👍")
    statuses = pywa.listen()

    assert [status.status for status in statuses if status.id == sent.id] == [
        MessageStatusType.SENT,
        MessageStatusType.DELIVERED,
        MessageStatusType.READ,
    ]
    assert {status.tracker for status in statuses if status.id == sent.id} == {"inbox:msg:8f3a"}
    assert [each["text"] for each in fresh.replies(page=WHATSAPP)] == ["Bonjour", "Oui, jusqu’à 21 h."]
    assert len({sent.id, quoted.id, reacted.id}) == 3
    assert julie.mark_as_read().success is True


def test_a_template_is_listed_and_sent(fresh, pywa, julie):
    listed = pywa.client.get_templates()
    chosen = next(each for each in listed if each.name == "rappel_rdv" and each.language == "fr_CA")
    sent = pywa.client.send_template(
        to=julie.from_user.wa_id,
        name=chosen.name,
        language=chosen.language,
        params=[types.templates.BodyText.params("Julie")],
    )
    statuses = pywa.listen()

    assert sent.id == statuses[0].id
    assert fresh.replies(page=WHATSAPP)[0]["text"].startswith("Bonjour Julie")
    assert statuses[0].pricing.category == "utility"


def test_refusals_are_read_as_what_they_are(fresh, pywa, julie):
    fresh.configure(whatsapp_window="refuse", clock_offset=25 * 3600)
    with pytest.raises(ReEngagementMessage) as closed:
        pywa.client.send_message(to=julie.from_user.wa_id, text="Trop tard")
    with pytest.raises(TemplateParamCountMismatch):
        pywa.client.send_template(
            to=julie.from_user.wa_id, name="rappel_rdv", language=types.templates.TemplateLanguage.FRENCH_CA
        )
    fresh.configure(whatsapp_pair_burst=0, clock_offset=0)
    with pytest.raises(TooManyMessages):
        pywa.client.send_message(to=julie.from_user.wa_id, text="Trop vite")

    assert "24 hours" in closed.value.details


def test_a_refusal_that_comes_later_is_read_from_the_status(fresh, pywa, julie):
    fresh.fault("whatsapp_failed", value=131047, page=WHATSAPP, count=1)
    julie.reply("Bonsoir")

    [status] = pywa.listen()

    assert status.status == MessageStatusType.FAILED
    assert isinstance(status.error, ReEngagementMessage)


def test_files_are_fetched_and_put_up(fresh, pywa, sink):
    fresh.message(WHATSAPP, author=JULIE, attachments=[{"type": "image"}])
    [message] = pywa.listen()

    body = message.image.get_bytes()
    uploaded = pywa.client.upload_media(media=body, mime_type="image/png", filename="point.png")
    sent = message.reply_image(uploaded, caption="La voici")

    assert body.startswith(b"\x89PNG")
    assert sent.id.startswith("wamid.")
    assert fresh.replies(page=WHATSAPP)[0]["text"] == "La voici"


def test_the_number_and_the_account_are_read(pywa):
    number = pywa.client.get_business_phone_number()
    account = pywa.client.get_business_account()

    assert (number.id, number.verified_name) == (WHATSAPP, "Pharmacie du Vieux-Quai")
    assert account.id == WABA
