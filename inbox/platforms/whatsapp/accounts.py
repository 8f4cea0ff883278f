"""What WhatsApp tells of an account or a number itself: that it is restricted, flagged, or free again."""

from datetime import datetime
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import AccessChanged, Event, Unrecognised

SETTING = "waba_id"  # these name the account; the channels under it have it among their settings

# field: (what it is about, the key that says what happened, what is bad, what is good again)
ABOUT: dict[str, tuple[str, str, set[str], set[str]]] = {
    "account_update": (
        "account",
        "event",
        {"DISABLED_UPDATE", "ACCOUNT_VIOLATION", "ACCOUNT_RESTRICTION", "ACCOUNT_DELETED", "PARTNER_REMOVED"},
        {"REINSTATE", "VERIFIED_ACCOUNT"},
    ),
    "account_review_update": ("account_review", "decision", {"REJECTED"}, {"APPROVED"}),
    "phone_number_quality_update": ("phone_number_quality", "event", {"FLAGGED", "DOWNGRADE"}, {"UNFLAGGED", "UPGRADE"}),
}


def read(account: str, change: dict[str, Any], at: datetime | None) -> Event:
    """One change that is about no message. What is neither bad nor good news is kept aside."""
    field, value = wire.text(change.get("field")), wire.mapping(change.get("value"))
    what, key, bad, good = ABOUT.get(field, ("", "", set(), set()))
    happened = wire.text(value.get(key))
    ban = wire.text(wire.mapping(value.get("ban_info")).get("waba_ban_state"))
    happened = "REINSTATE" if ban == "REINSTATE" else happened
    if happened not in bad | good:
        reason = f"field {field} {happened}".strip()
        return Unrecognised(platform="whatsapp", channel_id=account, raw=change, reason=reason[:200])
    return AccessChanged(
        platform="whatsapp",
        channel_id=account,
        what=what,
        granted=happened in good,
        at=at,
        detail=f"{happened} {ban}".strip()[:300],
        setting=(SETTING, account),
    )
