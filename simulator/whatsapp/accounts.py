"""A number and the WhatsApp Business Account that owns it: what they are called, and where their webhooks go."""

from typing import Any

from simulator.meta import endpoint
from simulator.meta.graph import Call, GraphError, paged
from simulator.models import Delivery, Page, Resource
from simulator.webhooks import handshakes
from simulator.whatsapp.codes import missing
from simulator.whatsapp.values import display_number, waba
from simulator.wire import Json

APP = {"id": endpoint.APP_ID, "link": "https://app.example/", "name": "Comptoir"}
NUMBER_FIELDS = "verified_name,code_verification_status,display_phone_number,quality_rating,platform_type,throughput,id"


def resolve(call: Call, node: str) -> tuple[str, Any] | None:
    from simulator.whatsapp import media

    if node == waba(call.page):
        return "waba", call.page
    sibling = Page.objects.filter(platform="whatsapp", external_id=node).first()
    if sibling and waba(sibling) == waba(call.page):
        call.page = sibling  # one key opens every number of an account
        return "page", sibling
    kept = media.find(call.page, node)
    return ("media", kept) if kept else None


def number(call: Call) -> Json:
    return call.pick(_shown(call.page), NUMBER_FIELDS)


def _shown(page: Page) -> Json:
    digits = display_number(page)
    return {
        "id": page.external_id,
        "verified_name": page.name,
        "display_phone_number": f"+{digits[0]} {digits[1:4]}-{digits[4:7]}-{digits[7:]}",
        "code_verification_status": "VERIFIED",
        "quality_rating": "GREEN",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "status": "CONNECTED",
        "name_status": "APPROVED",
        "is_official_business_account": False,
        "account_mode": "LIVE",
        "webhook_configuration": {
            "phone_number": _registered(page.external_id),
            "whatsapp_business_account": _registered(waba(page)),
        },
    }


def account(call: Call) -> Json:
    shown = {
        "id": waba(call.page),
        "name": call.page.extra.get("account", call.page.name),
        "timezone_id": "60",
        "currency": "CAD",
    }
    return call.pick(
        shown | {"account_review_status": "APPROVED", "message_template_namespace": "0a1b2c3d"}, "id,name,timezone_id"
    )


def numbers(call: Call) -> Json:
    owned = [page for page in Page.objects.filter(platform="whatsapp") if waba(page) == waba(call.page)]
    return paged(call, owned, _shown, default=NUMBER_FIELDS)


# --- where webhooks go ---------------------------------------------------------------------------


def _registered(key: str) -> str:
    kept = Resource.objects.filter(platform="whatsapp", kind="callback", key=key).first()
    return str(kept.data.get("override_callback_uri", "")) if kept else ""


def address(delivery: Delivery) -> str:
    """The number's own address, the account's, or the app's."""
    if delivery.page is None:
        return ""
    own = _registered(delivery.page.external_id) or _registered(waba(delivery.page))
    return own or endpoint.address(delivery)


def _register(call: Call, key: str, given: Json) -> None:
    url = str(given.get("override_callback_uri") or "")
    if url:
        if not given.get("verify_token"):
            raise missing("verify_token")
        if problem := handshakes.attempt(lambda: endpoint.challenge(url, str(given["verify_token"]))):
            raise GraphError(2200, message=f"(#2200) Callback verification failed: {problem}")
    Resource.objects.update_or_create(
        platform="whatsapp",
        kind="callback",
        key=key,
        defaults={"data": {"override_callback_uri": url}, "created_at": call.moment},
    )


def configure_number(call: Call) -> Json:
    given = call.params.get("webhook_configuration")
    if not isinstance(given, dict):
        raise missing("webhook_configuration")
    _register(call, call.page.external_id, given)
    return {"success": True}


def is_subscribed(page: Page) -> bool:
    """An account that nobody asked about is subscribed: the demonstration would be silent otherwise."""
    kept = Resource.objects.filter(platform="whatsapp", kind="subscription", key=waba(page)).first()
    return kept is None or bool(kept.data["subscribed"])


def _note(call: Call, subscribed: bool) -> Json:
    Resource.objects.update_or_create(
        platform="whatsapp",
        kind="subscription",
        key=waba(call.page),
        defaults={"data": {"subscribed": subscribed}, "created_at": call.moment},
    )
    return {"success": True}


def subscribe(call: Call) -> Json:
    _register(call, waba(call.page), call.params)
    return _note(call, True)


def unsubscribe(call: Call) -> Json:
    return _note(call, False)


def subscribed_apps(call: Call) -> Json:
    if not is_subscribed(call.page):
        return {"data": []}
    override = _registered(waba(call.page))
    return {"data": [{"whatsapp_business_api_data": APP} | ({"override_callback_uri": override} if override else {})]}
