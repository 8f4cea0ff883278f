"""Who asked for which webhooks: the app for a kind of object, then for each page. Nothing comes that was not asked for twice."""

from simulator import options
from simulator.meta import endpoint, registered
from simulator.meta.graph.call import Call, Handler, Routes, needs
from simulator.meta.graph.errors import GraphError
from simulator.models import Page
from simulator.webhooks import handshakes
from simulator.wire import Json

OBJECTS = ("page", "instagram", "permissions", "user", "whatsapp_business_account")
HANDOVER = ("pass_thread_control", "take_thread_control", "request_thread_control", "app_roles")
# What a payload is called as a field to subscribe to.
PAYLOADS = {
    "message_edit": "message_edits",
    "reaction": "message_reactions",
    "read": "message_reads",
    "delivery": "message_deliveries",
    "postback": "messaging_postbacks",
    "referral": "messaging_referrals",
    "optin": "messaging_optins",
    "policy_enforcement": "messaging_policy_enforcement",
    "account_linking": "messaging_account_linking",
} | dict.fromkeys(HANDOVER, "messaging_handovers")
# Meta's own pages spell some of them in two ways.
SAME = {
    "messaging_referral": "messaging_referrals",
    "messaging_handover": "messaging_handovers",
    "messaging_reactions": "message_reactions",
    "messaging_seen": "message_reads",
}
COMMON = ("messages", "message_echoes", *dict.fromkeys(PAYLOADS.values()), "standby")
FIELDS = {
    "facebook": ("feed", "mention", "ratings", *COMMON, "name", "picture", "conversations"),
    "instagram": ("comments", "live_comments", "mentions", "story_insights", *COMMON),
}


def fields_of(item: Json) -> set[str]:
    """The fields of an entry, in any of its forms."""
    if "messaging" in item or "standby" in item:
        told = [_payload(each) for each in item.get("messaging", ())]
        return set(told) | ({"standby"} if "standby" in item else set())
    return {change["field"] for change in item.get("changes", ())} | ({item["field"]} if "field" in item else set())


def _payload(item: Json) -> str:
    if "message" in item:
        return "message_echoes" if item["message"].get("is_echo") else "messages"
    return next((field for payload, field in PAYLOADS.items() if payload in item), "")


def wants(page: Page, item: Json) -> bool:
    if not options.get("strict_subscriptions"):
        return True
    kind = "permissions" if "uid" in item else {"facebook": "page"}.get(page.platform, page.platform)
    app = of_app(kind)
    if app is None or kind == "permissions":
        return app is not None
    return _asked_for(item, page, subscribed_fields(page)) and _asked_for(item, page, app["fields"])


def _asked_for(item: Json, page: Page, fields: list[str]) -> bool:
    """A field that no list of ours knows comes to whoever asked for anything."""
    asked = {SAME.get(field, field) for field in fields}
    # Instagram's documents do not agree on whether an echo is a field of its own.
    asked |= {"message_echoes"} if page.platform == "instagram" and "messages" in asked else set()
    told = fields_of(item)
    known = {SAME.get(field, field) for field in FIELDS.get(page.platform, ())}
    return bool(told & asked) or (bool(asked) and not told & known)


def subscribed_fields(page: Page) -> list[str]:
    kept = of_page(page)
    return list(kept["fields"]) if kept else []


def of_page(page: Page) -> Json | None:
    return registered.find("page_subscription", endpoint.subscription_key(page))


def of_app(kind: str) -> Json | None:
    return registered.find("app_subscription", kind)


def seed() -> None:
    """At the start the app hears of everything, at the address that the simulator was given."""
    fields = [*dict.fromkeys([*FIELDS["facebook"], *FIELDS["instagram"], *SAME])]
    for kind in OBJECTS if not registered.every("app_subscription") else ():
        registered.keep("app_subscription", kind, {"callback_url": "", "fields": fields, "include_values": True})


def welcome(page: Page) -> None:
    """A page that the demonstration or a test made is subscribed to all there is, unless it says otherwise."""
    if page.extra.get("subscribed", True):
        registered.keep("page_subscription", page.external_id, {"fields": _all(page)})


def _all(page: Page) -> list[str]:
    return [*dict.fromkeys([*FIELDS[page.platform], *FIELDS["instagram"], *SAME])]


# --- a page --------------------------------------------------------------------------------------


@needs("subscribe")
def subscribe_page(call: Call) -> Json:
    asked, possible = call.list("subscribed_fields"), _all(call.page)
    if not asked:
        raise GraphError(100, message="(#100) The parameter subscribed_fields is required.")
    for position, field in enumerate(asked):
        if field not in possible:
            known = ", ".join(possible)
            raise GraphError(100, message=f"(#100) Param subscribed_fields[{position}] must be one of {{{known}}} - got {field}")
    registered.keep("page_subscription", call.page.external_id, {"fields": asked})
    return {"success": True}


@needs("subscribe")
def subscribed_apps(call: Call) -> Json:
    kept = of_page(call.page)
    if kept is None:
        return {"data": []}
    app = {"category": "Business", "link": "https://app.example", "name": "Comptoir", "id": endpoint.APP_ID}
    return {"data": [app | {"subscribed_fields": kept["fields"]}]}


@needs("subscribe")
def unsubscribe_page(call: Call) -> Json:
    endpoint.unsubscribe_page(call.page)
    return {"success": True}


OF_A_PAGE: Routes = {
    ("POST", "page", "subscribed_apps"): subscribe_page,
    ("GET", "page", "subscribed_apps"): subscribed_apps,
    ("DELETE", "page", "subscribed_apps"): unsubscribe_page,
}


# --- the app -------------------------------------------------------------------------------------


def with_app_token(handler: Handler) -> Handler:
    def checked(call: Call) -> Json:
        if call.token is None or call.token.kind != "app":
            raise GraphError(15, message="(#15) This method must be called with an app access_token.")
        found: Json = handler(call)
        return found

    return checked


@with_app_token
def subscribe_app(call: Call) -> Json:
    """The receiver must prove itself before anything is kept."""
    kind, url = str(call.params.get("object", "")), str(call.params.get("callback_url", ""))
    if kind not in OBJECTS:
        raise GraphError(100, message=f"(#100) Param object must be one of {{{', '.join(OBJECTS)}}}")
    if not url.startswith(("http://", "https://")):
        raise GraphError(100, message="(#100) Param callback_url must be a valid URL")
    token = str(call.params.get("verify_token", ""))
    if problem := handshakes.attempt(lambda: endpoint.challenge(url, token)):
        raise GraphError(2200, message=f"(#2200) Callback verification failed with the following errors: {problem}")
    # Without values, only the names of what changed are told.
    values = str(call.params.get("include_values", "false")).lower() in {"true", "1"}
    registered.keep("app_subscription", kind, {"callback_url": url, "fields": call.list("fields"), "include_values": values})
    return {"success": True}


@with_app_token
def app_subscriptions(call: Call) -> Json:
    return {
        "data": [
            {
                "object": kind,
                "callback_url": app["callback_url"] or str(options.get("webhook_base")).rstrip("/") + endpoint.PATH,
                "active": True,
                "fields": [{"name": name, "version": call.version} for name in app["fields"]],
            }
            for kind, app in registered.every("app_subscription").items()
        ]
    }


@with_app_token
def unsubscribe_app(call: Call) -> Json:
    registered.drop("app_subscription", str(call.params.get("object") or ""))
    return {"success": True}


OF_THE_APP: Routes = {
    ("POST", "app", "subscriptions"): subscribe_app,
    ("GET", "app", "subscriptions"): app_subscriptions,
    ("DELETE", "app", "subscriptions"): unsubscribe_app,
}
