"""WhatsApp Cloud: numbers instead of pages, a window of a day, templates outside of it, and statuses for all that is sent."""

from dataclasses import replace

from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from simulator.meta import endpoint
from simulator.models import Page
from simulator.platforms import Platform, Regime
from simulator.signing import stable_number
from simulator.whatsapp import accounts, acts, forms, media, sending, templates, values
from simulator.wire import Json

HOUR = 3600.0
# Less and less often, for a week.
REGIME = Regime((0, 10, 60, 300, HOUR / 2, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR) + (12 * HOUR,) * 12)

ENDPOINT = replace(
    endpoint.ENDPOINT,
    name="whatsapp",
    regime=lambda delivery: REGIME,
    address=accounts.address,
    repeated=None,  # entries carry no time that could differ
)


def wants(page: Page, item: Json) -> bool:
    return accounts.is_subscribed(page)


PLATFORM = Platform(
    slug="whatsapp",
    label="WhatsApp",
    endpoint=ENDPOINT,
    object=values.OBJECT,
    person_id=lambda page, name: "CA." + stable_number("whatsapp", values.waba(page), name, digits=20),
    message_id=values.wamid,
    message_event=values.message_event,
    wants=wants,
    resolve=accounts.resolve,
    routes={
        ("GET", "page", ""): accounts.number,
        ("POST", "page", ""): accounts.configure_number,
        ("POST", "page", "messages"): sending.send,
        ("POST", "page", "media"): media.upload,
        ("GET", "media", ""): media.show,
        ("DELETE", "media", ""): media.delete,
        ("GET", "waba", ""): accounts.account,
        ("GET", "waba", "phone_numbers"): accounts.numbers,
        ("GET", "waba", "message_templates"): templates.listed,
        ("GET", "waba", "subscribed_apps"): accounts.subscribed_apps,
        ("POST", "waba", "subscribed_apps"): accounts.subscribe,
        ("DELETE", "waba", "subscribed_apps"): accounts.unsubscribe,
    },
    urls=[
        path("whatsapp_business/attachments/", csrf_exempt(media.download)),
        path("_sim/whatsapp/number", acts.new_number),
        path("_sim/whatsapp/identity", acts.identity),
        path("_sim/whatsapp/status", acts.tell_status),
        path("_sim/whatsapp/problem", acts.problem),
        path("_sim/whatsapp/field", acts.field),
        path("pages/<int:pk>/whatsapp/", forms.write, name="whatsapp-write"),
    ],
    panels=("simulator/whatsapp.html",),
    options={
        "whatsapp_statuses": ["sent", "delivered", "read"],  # what follows an accepted message, in this order
        "whatsapp_numbers": True,  # whether numbers are told (wa_id, from) beside the business-scoped ids
        "whatsapp_user_ids": True,  # whether those ids are told at all: older webhooks have only numbers
        "whatsapp_window": "fail",  # out of the window: "fail" as a status after acceptance, or "refuse" at once
        "whatsapp_pair_burst": 45,  # messages to one person before the pair limit holds,
        "whatsapp_pair_seconds": 6,  # which then allows one every so many seconds; 0: no limit
        "whatsapp_unreact": "empty",  # a reaction taken back has an "empty" emoji, or it is "missing"
        "whatsapp_system": "wa_id",  # how a changed number is named; "older": new_wa_id
    },
    faults={"whatsapp_failed": "WhatsApp : accepte, puis dit l’échec (code)"},
)
