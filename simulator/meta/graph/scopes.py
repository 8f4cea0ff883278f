"""Which permission a call takes, by product, and how its lack is refused."""

from simulator.meta.graph.call import Call
from simulator.meta.graph.errors import GraphError
from simulator.models import Page, Token

FACEBOOK = {
    "list": "pages_show_list",
    "subscribe": "pages_manage_metadata",
    "read": "pages_read_engagement",
    "read_visitors": "pages_read_user_content",
    "engage": "pages_manage_engagement",
    "message": "pages_messaging",
    "insights": "read_insights",
}
INSTAGRAM_LOGIN = {
    "subscribe": "instagram_business_basic",
    "read": "instagram_business_basic",
    "read_visitors": "instagram_business_manage_comments",
    "engage": "instagram_business_manage_comments",
    "message": "instagram_business_manage_messages",
    "insights": "instagram_business_manage_insights",
}
INSTAGRAM_THROUGH_A_PAGE = {
    "subscribe": "pages_manage_metadata",
    "read": "instagram_basic",
    "read_visitors": "instagram_manage_comments",
    "engage": "instagram_manage_comments",
    "message": "instagram_manage_messages",
    "insights": "instagram_manage_insights",
}
OF_FACEBOOK_LOGIN = tuple(dict.fromkeys([*FACEBOOK.values(), *INSTAGRAM_THROUGH_A_PAGE.values()]))
OF_INSTAGRAM_LOGIN = tuple(dict.fromkeys(INSTAGRAM_LOGIN.values()))
OF_WHATSAPP = ("whatsapp_business_management", "whatsapp_business_messaging")
OF_PLATFORM = {"instagram": OF_INSTAGRAM_LOGIN, "whatsapp": OF_WHATSAPP}


def through_a_page(page: Page) -> bool:
    """An Instagram account that is used with the token of its Facebook page."""
    return page.platform == "instagram" and page.extra.get("product") == "facebook_login"


def of(page: Page) -> dict[str, str]:
    if page.platform != "instagram":
        return FACEBOOK
    return INSTAGRAM_THROUGH_A_PAGE if through_a_page(page) else INSTAGRAM_LOGIN


def covers(token: Token, page: Page) -> bool:
    """Whether the token is a key to this very page, or to the page that its account hangs on."""
    if token.page is None:
        return False
    return token.page == page or (through_a_page(page) and page.extra.get("page") == token.page.external_id)


def require(call: Call, capability: str) -> None:
    """Reads lack it with 10, writes with 200, and the plumbing with 283."""
    scope = of(call.page).get(capability, "") if capability else ""
    if not scope or call.token is None or call.token.allows(scope):
        return
    if capability == "subscribe":
        raise GraphError(283, message=f"(#283) Requires {scope} permission to manage the object", status=403)
    if call.method == "GET":
        words = f"(#10) This endpoint requires the '{scope}' permission or the 'Page Public Content Access' feature."
        raise GraphError(10, message=words, status=403)
    raise GraphError(200, message=f"(#200) Requires {scope} permission to manage the object", status=403)
