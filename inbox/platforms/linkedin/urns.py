"""LinkedIn's names for things: one thing has one name, however it was written."""

import re
from urllib.parse import quote

COMMENT = re.compile(r"urn:li:comment:\((?:urn:li:)?(\w+:[^,()]+),([^,()]+)\)")
REACTION = re.compile(r"urn:li:(?:like|reaction):\((?:urn:li:)?(\w+:[^,()]+),(.+?)(?:,[A-Z]+)?\)")

ORGANIZATION = re.compile(r"(?:^|urn:li:(?:organization|company|organizationBrand):|/company/)(\d+)(?:$|[/?#])", re.ASCII)


def comment_urn(urn: str) -> str:
    """A comment's URN with its inner prefix, which notifications leave out; any other URN as it is."""
    match = COMMENT.fullmatch(urn)
    return f"urn:li:comment:(urn:li:{match[1]},{match[2]})" if match else urn


def is_comment(urn: str) -> bool:
    return COMMENT.fullmatch(urn) is not None


def post_of(urn: str) -> str:
    """The post that a comment stands under; of any other URN, itself."""
    match = COMMENT.fullmatch(urn)
    return f"urn:li:{match[1]}" if match else urn


def number_of(urn: str) -> str:
    """What a comment is called under its post; of any other URN, its last part."""
    match = COMMENT.fullmatch(urn)
    return match[2] if match else urn.rpartition(":")[2]


def reaction(urn: str) -> tuple[str, str] | None:
    """(who, to what), where a like's URN tells these."""
    match = REACTION.fullmatch(urn)
    if not match:
        return None
    target = match[2] if match[2].startswith("urn:li:") else f"urn:li:{match[2]}"
    return f"urn:li:{match[1]}", comment_urn(target)


def organization(typed: str) -> str:
    """An organization's URN, from its number, an older name of it, or the address of its page."""
    match = ORGANIZATION.search(typed.strip())
    return f"urn:li:organization:{match[1]}" if match else typed.strip()


def person(identity: str) -> str:
    """A member's URN, also where only its last part was kept."""
    return identity if identity.startswith("urn:") else f"urn:li:person:{identity}"


def encoded(urn: str) -> str:
    return quote(urn, safe="")
