"""Approved templates of a WhatsApp account: which there are, whether a message fits one, and what a person reads."""

import re
from typing import Any

from simulator.meta.graph import Call, paged
from simulator.models import Page
from simulator.whatsapp.codes import missing, refusal
from simulator.wire import Json

BODY_LIMIT = 1024
KINDS = ("text", "currency", "date_time", "payload", "image", "video", "document", "location", "action", "coupon_code")
SLOT = re.compile(r"\{\{\s*(\w+)\s*\}\}")
STATES = {"PAUSED": 132015, "DISABLED": 132016, "PENDING": 132001, "REJECTED": 132001}


def of(page: Page) -> list[Json]:
    """As the page's `extra` has them: name, language, category, body, and a status that is not APPROVED."""
    return list(page.extra.get("templates", []))


def chosen(page: Page, given: Json, *, by_user_id: bool) -> Json:
    language = given.get("language")
    code = str(language.get("code", "")) if isinstance(language, dict) else ""
    name = str(given.get("name") or "")
    if not name or not code:
        raise missing("template['name']" if not name else "template['language']['code']")
    found = next((each for each in of(page) if (each["name"], each["language"]) == (name, code)), None)
    if found is None:
        raise refusal(132001, f"template name ({name}) does not exist in {code}", 404)
    if state := STATES.get(found.get("status", "APPROVED")):
        raise refusal(state)
    if by_user_id and found["category"] == "AUTHENTICATION":
        raise refusal(131062)
    return found


def filled(template: Json, given: Json) -> str:
    """The body with its parameters, after all that may be wrong with them."""
    slots = list(dict.fromkeys(SLOT.findall(template["body"])))
    values = _parameters(given)
    if len(values) != len(slots):
        raise refusal(
            132000,
            f"body: number of localizable_params ({len(values)}) does not match the expected number of params ({len(slots)})",
        )
    named = {str(value.get("parameter_name") or slot): _words(value) for slot, value in zip(slots, values, strict=True)}
    if set(named) != set(slots):
        raise refusal(132012, "body: a parameter_name is not one of the template")
    text = SLOT.sub(lambda slot: named[slot[1]], template["body"])
    if len(text) > BODY_LIMIT:
        raise refusal(132005)
    return text


def _parameters(given: Json) -> list[Any]:
    components = given.get("components") or []
    bodies = [each for each in components if str(each.get("type", "")).lower() == "body"]
    return list(bodies[0].get("parameters") or []) if bodies else []


def _words(value: Any) -> str:
    kind = str(value.get("type", "")).lower() if isinstance(value, dict) else ""
    if kind not in KINDS:
        raise refusal(132012, f"body: parameter type {kind or 'missing'} is not known")
    shown = value.get(kind)
    text = str(shown.get("fallback_value", "") if isinstance(shown, dict) else shown or "")
    if not text or re.search(r"[\n\t]| {5}", text):
        raise refusal(132012, "body: a parameter is empty, or has new-line/tab characters or more than 4 consecutive spaces")
    return text


def listed(call: Call) -> Json:
    shown = [_shown(call.page, place, each) for place, each in enumerate(of(call.page))]
    wanted = {name: call.params[name] for name in ("name", "language", "status", "category") if call.params.get(name)}
    rows = [each for each in shown if all(each[name] == value for name, value in wanted.items())]
    told = paged(call, rows, lambda each: each, default="name,status,category,language,components,parameter_format,id")
    return told | ({"summary": _summary(str(call.params["summary"]), len(rows))} if call.params.get("summary") else {})


def _summary(asked: str, count: int) -> Json:
    known = {
        "total_count": count,
        "message_template_count": count,
        "message_template_limit": 250,
        "are_translations_complete": True,
    }
    return {name: value for name, value in known.items() if name in asked.split(",")}


def _shown(page: Page, place: int, template: Json) -> Json:
    slots = list(dict.fromkeys(SLOT.findall(template["body"])))
    named = any(not slot.isdecimal() for slot in slots)
    return {
        "id": str(10**14 + page.pk * 1000 + place),
        "name": template["name"],
        "language": template["language"],
        "status": template.get("status", "APPROVED"),
        "category": template["category"],
        "parameter_format": "NAMED" if named else "POSITIONAL",
        "components": [{"type": "BODY", "text": template["body"]} | (_example(slots, named=named) if slots else {})],
    }


def _example(slots: list[str], *, named: bool) -> Json:
    """What its author gave to have it approved."""
    if named:
        return {"example": {"body_text_named_params": [{"param_name": slot, "example": f"exemple de {slot}"} for slot in slots]}}
    return {"example": {"body_text": [[f"exemple {slot}" for slot in slots]]}}
