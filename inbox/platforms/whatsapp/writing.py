"""Writing to people on WhatsApp, and asking how a number and its account do."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from inbox.platforms import wire
from inbox.platforms.base import (
    Action,
    Address,
    Connection,
    Connector,
    Deed,
    Field,
    Health,
    Kind,
    Limit,
    OfAnother,
    Outgoing,
    Reason,
    SendRefused,
    Sent,
    Window,
    WindowState,
)
from inbox.platforms.meta import grants, graph
from inbox.platforms.whatsapp.accounts import SETTING
from inbox.platforms.whatsapp.messages import GROUP

OPEN_FOR = timedelta(hours=24)
NUMBER = "id,verified_name,display_phone_number,quality_rating,status"
PERMISSIONS = ("whatsapp_business_messaging", "whatsapp_business_management")
FIELDS = ("messages", "smb_message_echoes", "account_update", "account_review_update", "phone_number_quality_update")
THEIRS = frozenset({Action.LIKE, Action.UNLIKE, Action.MARK_READ})
HEART = "\u2764\ufe0f"
DOING_WELL = {"quality_rating": {"", "GREEN", "UNKNOWN", "NA"}, "status": {"", "CONNECTED"}}


class WhatsApp(Connector):
    slug = "whatsapp"
    label = "WhatsApp"
    family = "meta"
    kinds = (Kind.MESSAGE,)
    variables = graph.VARIABLES
    fields = (
        Field(
            SETTING,
            _("Identifier of the WhatsApp Business account"),
            _("In the account’s settings at Meta. One account has one or more phone numbers, each with an identifier."),
        ),
    )
    once_closed = _("WhatsApp then takes only templates that it has approved itself, and those of Comptoir are not among them.")

    def address(self, variables: Mapping[str, Any], settings: Mapping[str, str]) -> Address:
        return graph.address(variables)

    def limit(self, kind: Kind) -> Limit:
        return Limit(4096, "characters")

    def permissions(self, kind: Kind) -> frozenset[str]:
        return frozenset({"whatsapp_business_messaging"})

    def window(self, kind: Kind, last_inbound_at: datetime | None, now: datetime) -> Window:
        """A day from what the person last wrote; then WhatsApp takes nothing that we could send."""
        if kind is not Kind.MESSAGE or last_inbound_at is None or now >= last_inbound_at + OPEN_FOR:
            return Window(WindowState.CLOSED)
        return Window(WindowState.OPEN, last_inbound_at + OPEN_FOR)

    def send(self, message: Outgoing, connection: Connection) -> Sent:
        if message.kind is not Kind.MESSAGE or message.private_to:
            raise SendRefused(Reason.NOT_ALLOWED, "WhatsApp has messages only")
        self.limit(Kind.MESSAGE).check(message.text)
        return graph.write(connection, connection.external_id, "messages", id_field=_message_id, json=_body(message))

    def actions(self, kind: Kind, settings: Mapping[str, str], *, ours: bool) -> frozenset[Action]:
        return frozenset[Action]() if ours else THEIRS

    def act(self, deed: Deed, connection: Connection) -> None:
        match deed.action:
            case Action.MARK_READ:
                what: dict[str, Any] = {"status": "read", "message_id": deed.external_id}
            case Action.LIKE | Action.UNLIKE:
                emoji = HEART if deed.action is Action.LIKE else ""  # none takes back the one that stands there
                reaction = {"message_id": deed.external_id, "emoji": emoji}
                what = {**_recipient(deed.thread), "type": "reaction", "reaction": reaction}
            case _:
                raise SendRefused(Reason.NOT_ALLOWED, f"whatsapp has no {deed.action}")
        graph.act(connection, connection.external_id, "messages", json={"messaging_product": "whatsapp", **what})

    def identity(self, connection: Connection) -> str:
        return _name(_number(connection))

    def media(self, media_id: str, connection: Connection) -> tuple[str, dict[str, str]]:
        found = graph.read(connection, media_id, phone_number_id=connection.external_id)
        address = wire.link(found.get("url"))
        if not address:
            raise SendRefused(Reason.GONE, "no address for this attachment")
        return address, {"Authorization": f"Bearer {connection.token}"}

    def check(self, connection: Connection) -> Health:
        number = _number(connection)
        told = {key: wire.text(number.get(key)) for key in DOING_WELL}
        token = grants.token_of(connection)
        scopes = grants.texts(token.get("scopes"))
        return Health(
            name=_name(number),
            token_expires_at=wire.seconds(token.get("expires_at")),  # 0: never
            access_expires_at=wire.seconds(token.get("data_access_expires_at")),
            missing_permissions=tuple(each for each in PERMISSIONS if token and each not in scopes),
            subscribed=_subscribed(connection),
            warnings=tuple(f"{key} {value}" for key, value in told.items() if value not in DOING_WELL[key]),
        )

    def subscribe(self, connection: Connection, callback: str) -> None:
        """The app is told where, and the account is told of the app. Raises like send."""
        grants.subscribe_app(connection, callback, {"whatsapp_business_account": FIELDS})
        graph.act(connection, _account(connection), "subscribed_apps")


def _account(connection: Connection) -> str:
    if not (account := connection.settings.get(SETTING, "")):
        raise SendRefused(Reason.INVALID, "the number’s account is not known")
    return account


def _number(connection: Connection) -> dict[str, Any]:
    """What the platform says of the number that was asked for, and of no other: whatever else is typed may stand for one."""
    number = graph.read(connection, connection.external_id, fields=NUMBER)
    if wire.identifier(number.get("id")) != connection.external_id:
        raise OfAnother("this is the identifier of something else")
    return number


def _name(number: dict[str, Any]) -> str:
    return wire.text(number.get("verified_name")) or wire.text(number.get("display_phone_number"))


def _subscribed(connection: Connection) -> bool:
    apps = wire.sequence(graph.read(connection, _account(connection), "subscribed_apps").get("data"))
    ours = {wire.identifier(wire.mapping(wire.mapping(app).get("whatsapp_business_api_data")).get("id")) for app in apps}
    return connection.app_id in ours if connection.app_id else bool(apps)


def _body(message: Outgoing) -> dict[str, Any]:
    quoted = {"context": {"message_id": message.reply_to}} if message.reply_to else {}
    return {
        "messaging_product": "whatsapp",
        **_recipient(message.thread),
        "type": "text",
        "text": {"body": message.text, "preview_url": False},
        **quoted,
        "biz_opaque_callback_data": message.correlation,
    }


def _recipient(thread: str) -> dict[str, str]:
    """A person is known by a number in `to`, or by the id that WhatsApp gives out in its place in `recipient`."""
    if thread.startswith(GROUP):
        return {"recipient_type": "group", "to": thread.removeprefix(GROUP)}
    return {"recipient_type": "individual", "to" if thread.isdigit() else "recipient": thread}


def _message_id(answer: dict[str, Any]) -> Any:
    return next((wire.mapping(each).get("id") for each in wire.sequence(answer.get("messages"))), None)
