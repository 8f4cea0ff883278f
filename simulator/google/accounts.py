"""Accounts, locations, and the one notification setting of an account, which whoever writes last owns."""

import re
from datetime import datetime

from django.http import HttpRequest

from simulator import options
from simulator.google.rest import NOT_FOUND, GoogleError, account_of, given, google_call, owned, page_size, position
from simulator.models import Page, Resource, Token
from simulator.wire import Json

TYPES = (
    "GOOGLE_UPDATE",
    "NEW_REVIEW",
    "UPDATED_REVIEW",
    "NEW_CUSTOMER_MEDIA",
    "NEW_QUESTION",
    "UPDATED_QUESTION",
    "NEW_ANSWER",
    "UPDATED_ANSWER",
    "DUPLICATE_LOCATION",
    "VOICE_OF_MERCHANT_UPDATED",
)
TOPIC = re.compile(r"projects/[^/]+/topics/[^/]+")


@google_call
def accounts(request: HttpRequest, token: Token, moment: datetime) -> Json:
    """https://mybusinessaccountmanagement.googleapis.com/v1/accounts"""
    names = sorted({account_of(page) for page in owned(token)})
    return {"accounts": [_account(name, owned(token)[0]) for name in names]}


def _account(name: str, page: Page) -> Json:
    return {
        "name": name,
        "accountName": page.extra.get("account", page.name),
        "type": "LOCATION_GROUP",
        "role": "MANAGER",
        "verificationState": "VERIFIED",
        "vettedState": "VETTED",
    }


@google_call
def locations(request: HttpRequest, token: Token, moment: datetime, *, account: str) -> Json:
    """https://mybusinessbusinessinformation.googleapis.com/v1/accounts/{a}/locations; names come without their account."""
    mask = request.GET.get("readMask", "")
    if not mask:
        raise GoogleError(400, "Request contains an invalid argument.")
    rows = [page for page in owned(token) if account_of(page) == f"accounts/{account}"]
    if not rows:
        raise GoogleError(404, NOT_FOUND)
    start, size = position(request), page_size(request, 10, 100)
    shown: Json = {"locations": [_pick(page, mask) for page in rows[start : start + size]], "totalSize": len(rows)}
    return shown | ({"nextPageToken": f"p{start + size}"} if start + size < len(rows) else {})


def _pick(page: Page, mask: str) -> Json:
    known = {
        "name": page.external_id.partition("/")[2].partition("/")[2],
        "title": page.name,
        "languageCode": "fr",
        "storefrontAddress": {"regionCode": "CA", "locality": "Québec", "addressLines": ["1, rue Imaginaire"]},
        "metadata": {"hasVoiceOfMerchant": page.extra.get("verified", True), "placeId": f"place-{page.pk}"},
    }
    wanted = {part.strip().partition(".")[0] for part in mask.split(",")}
    return {name: value for name, value in known.items() if name in wanted}


# --- notifications -------------------------------------------------------------------------------


def setting_of(account: str) -> Json:
    """Without one, the topic of the simulator's own subscription: the demonstration would be silent otherwise."""
    kept = Resource.objects.filter(platform="google", kind="notificationSetting", key=account).first()
    if kept:
        return dict(kept.data)
    return {"pubsubTopic": options.get("google_topic"), "notificationTypes": ["NEW_REVIEW", "UPDATED_REVIEW"]}


def keep_setting(account: str, setting: Json) -> None:
    defaults = {"data": setting, "created_at": options.now()}
    Resource.objects.update_or_create(platform="google", kind="notificationSetting", key=account, defaults=defaults)


def wants(page: Page, item: Json) -> bool:
    """Whether the account tells of such a thing, and to a topic that nobody else's tool has put there."""
    setting = setting_of(account_of(page))
    return bool(setting["pubsubTopic"]) and item["type"] in setting["notificationTypes"] and not setting.get("foreign")


@google_call
def notification_setting(request: HttpRequest, token: Token, moment: datetime, *, account: str) -> Json:
    """https://mybusinessnotifications.googleapis.com/v1/accounts/{a}/notificationSetting"""
    name = f"accounts/{account}"
    if name not in {account_of(page) for page in owned(token)}:
        raise GoogleError(404, NOT_FOUND)
    if request.method == "PATCH":
        keep_setting(name, _patched(setting_of(name), given(request), request.GET.get("updateMask", "")))
    setting = setting_of(name)
    shown = {name: setting[name] for name in ("pubsubTopic", "notificationTypes") if setting[name]}
    return {"name": f"{name}/notificationSetting"} | shown


def _patched(setting: Json, given: Json, mask: str) -> Json:
    fields = {re.sub(r"_(\w)", lambda letter: letter[1].upper(), part.strip()) for part in mask.split(",")} - {""}
    if not fields or fields - {"pubsubTopic", "notificationTypes"}:
        raise GoogleError(400, "Request contains an invalid argument.")
    changed = {name: setting[name] for name in ("pubsubTopic", "notificationTypes")}
    changed |= {"pubsubTopic": given.get("pubsubTopic") or ""} if "pubsubTopic" in fields else {}
    changed |= {"notificationTypes": given.get("notificationTypes") or []} if "notificationTypes" in fields else {}
    if changed["pubsubTopic"] and not TOPIC.fullmatch(str(changed["pubsubTopic"])):
        raise GoogleError(400, "Invalid Pub/Sub topic name.")
    if set(changed["notificationTypes"]) - set(TYPES):
        raise GoogleError(400, "Invalid value at 'notification_setting.notification_types'")
    return changed | ({"foreign": True} if setting.get("foreign") and "pubsubTopic" not in fields else {})
