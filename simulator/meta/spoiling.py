"""What Meta's webhooks look like on a bad day: each fault gives one event a form that has been seen, or must be survived."""

import copy
from collections.abc import Callable
from typing import Any

from simulator import faults
from simulator.meta import subscriptions
from simulator.models import Page
from simulator.wire import Json

FAULTS = {
    "missing_from": "Meta : sans l’auteur",
    "missing_text": "Meta : sans le texte",
    "numeric_ids": "Meta : identifiants en nombres",
    "legacy_sender": "Meta : ancien auteur (sender_id, sender_name)",
    "flat": "Meta : champ et valeur à plat (Instagram)",
    "comment_id": "Meta : comment_id au lieu de id (Instagram)",
    "unknown_field": "Meta : champ inconnu",
    "unknown_item": "Meta : élément inconnu",
    "unknown_verb": "Meta : verbe inconnu",
    "unknown_payload": "Meta : contenu de message inconnu",
    "top_level_list": "Meta : tout le corps dans une liste",
    "changed_fields": "Meta : seulement le nom des champs changés",
    "sha1_signature": "Meta : seulement l’ancienne signature (nombre d’essais ; vide : tous)",
    "wrong_secret": "Meta : signé avec le secret de l’autre application (nombre d’essais ; vide : tous)",
}
SHAPES = {"top_level_list": "list"}
SIGNATURES = {"sha1_signature": "sha1", "wrong_secret": "other"}
IDS = ("id", "post_id", "comment_id", "parent_id", "sender_id", "recipient_id", "reviewer_id", "open_graph_story_id", "media_id")


def spoil(page: Page, item: Json) -> Json:
    app = subscriptions.of_app(_object(page))
    if app is not None and not app.get("include_values", True):
        item = _changed_fields(item)
    for name, change in CHANGES.items():
        if _fits(name, item) and faults.take(page, name):
            item = change(copy.deepcopy(item))
    return item


def _object(page: Page) -> str:
    return "page" if page.platform == "facebook" else page.platform


def _fits(name: str, item: Json) -> bool:
    """Whether such a fault can be seen in this event; otherwise it waits for one where it can."""
    content, private = "changes" in item or "field" in item, "messaging" in item or "standby" in item
    match name:
        case "unknown_payload":
            return private
        case "missing_text":
            return any(_words(each) in each for each in _texts(item))
        case "missing_from" | "legacy_sender":
            return any("from" in each for each in _values(item))
        case "numeric_ids":
            return content or private
        case _:
            return content


def _values(item: Json) -> list[Json]:
    return [change["value"] for change in item.get("changes", ())] + ([item["value"]] if "field" in item else [])


def _private(item: Json) -> list[Json]:
    return [*item.get("messaging", ()), *item.get("standby", ())]


def _texts(item: Json) -> list[Json]:
    """Whatever holds words: a value, or a message."""
    messages = [each[key] for each in _private(item) for key in ("message", "message_edit") if "text" in each.get(key, {})]
    return _values(item) + messages


def _words(text: Json) -> str:
    return "message" if isinstance(text.get("message"), str) else "text"


def _missing_from(item: Json) -> Json:
    for value in _values(item):
        value.pop("from", None)
    return item


def _missing_text(item: Json) -> Json:
    for text in _texts(item):
        text.pop(_words(text), None)
    return item


def _legacy_sender(item: Json) -> Json:
    for value in _values(item):
        if who := value.pop("from", None):
            value |= {"sender_id": int(who["id"]), "sender_name": who.get("name") or who.get("username", "")}
    return item


def _numeric_ids(item: Any) -> Any:
    """Those that are all digits, wherever they stand."""
    if isinstance(item, list):
        return [_numeric_ids(each) for each in item]
    if not isinstance(item, dict):
        return item
    return {name: _number(value) if name in IDS else _numeric_ids(value) for name, value in item.items()}


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _flat(item: Json) -> Json:
    [change, *others] = item.pop("changes", None) or [{name: item[name] for name in ("field", "value")}]
    return item | change | ({"changes": others} if others else {})


def _comment_id(item: Json) -> Json:
    for value in _values(item):
        if "text" in value and "id" in value:
            value["comment_id"] = value.pop("id")
    return item


def _changed_fields(item: Json) -> Json:
    kept = {name: value for name, value in item.items() if name not in ("changes", "field", "value")}
    return kept | {"changed_fields": sorted(subscriptions.fields_of(item))} if "messaging" not in item else item


def _renamed(key: str, name: str) -> Callable[[Json], Json]:
    def change(item: Json) -> Json:
        for value in _values(item):
            value[key] = name
        return item

    return change


def _unknown_field(item: Json) -> Json:
    for change in item.get("changes", [item]):
        change["field"] = "quantum_feed"
    return item


def _unknown_payload(item: Json) -> Json:
    for each in _private(item):
        for key in set(each) - {"sender", "recipient", "timestamp"}:
            each["hologram"] = each.pop(key)
    return item


CHANGES: dict[str, Callable[[Json], Json]] = {
    "missing_from": _missing_from,
    "missing_text": _missing_text,
    "legacy_sender": _legacy_sender,
    "comment_id": _comment_id,
    "unknown_item": _renamed("item", "hologram"),
    "unknown_verb": _renamed("verb", "teleport"),
    "unknown_field": _unknown_field,
    "unknown_payload": _unknown_payload,
    "changed_fields": _changed_fields,
    "flat": _flat,
    "numeric_ids": _numeric_ids,
}
