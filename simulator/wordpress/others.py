"""The rest of a site's REST: its name, its posts, the account that calls."""

from simulator.models import Post
from simulator.wire import Json
from simulator.wordpress.comments import STAFF
from simulator.wordpress.rest import MODERATE, Answer, Call, WordPressError, invalid, paged, pick, rest
from simulator.wordpress.state import post_link, rendered, title, zone


@rest
def index(call: Call) -> Answer:
    offset = call.moment.astimezone(zone(call.page)).utcoffset()
    told = {
        "name": call.page.name,
        "description": "",
        "url": call.page.external_id,
        "home": call.page.external_id,
        "gmt_offset": str(int(offset.total_seconds() / 3600) if offset else 0),
        "timezone_string": str(zone(call.page)),
        "namespaces": ["oembed/1.0", "wp/v2"],
        "authentication": {
            "application-passwords": {
                "endpoints": {"authorization": f"{call.page.external_id}/wp-admin/authorize-application.php"}
            }
        },
    }
    return pick(call, told), 200, {}


@rest
def posts(call: Call) -> Answer:
    rows = call.page.posts.filter(removed_at=None).select_related("page")
    if call.params.get("include"):
        rows = rows.filter(external_id__in=str(call.params["include"]).split(","))
    size, page = call.number("per_page", 10, 1, 100), call.number("page", 1, 1)
    if page > 1 and (page - 1) * size >= rows.count():
        why = "The page number requested is larger than the number of pages available."
        raise WordPressError("rest_post_invalid_page_number", why, 400)
    return paged(call, rows, lambda post: _show(call, post))


@rest
def post(call: Call, *, pk: str) -> Answer:
    found = call.page.posts.filter(external_id=pk, removed_at=None).select_related("page").first()
    if found is None:
        raise WordPressError("rest_post_invalid_id", "Invalid post ID.", 404)
    return pick(call, _show(call, found)), 200, {}


def _show(call: Call, post: Post) -> Json:
    at = post.created_at.replace(microsecond=0)
    local, utc = (at.astimezone(zone(call.page)) if here else at for here in (True, False))
    dates = {"date": local.strftime("%Y-%m-%dT%H:%M:%S"), "date_gmt": utc.strftime("%Y-%m-%dT%H:%M:%S")}
    return dates | {
        "id": int(post.external_id),
        "modified": dates["date"],
        "modified_gmt": dates["date_gmt"],
        "slug": f"article-{post.external_id}",
        "status": "publish",
        "type": "post",
        "link": post_link(post),
        "title": {"rendered": title(post)},
        "content": {"rendered": rendered(post.text), "protected": False},
        "author": STAFF,
        "comment_status": "closed" if post.extra.get("closed") else "open",
    }


@rest
def me(call: Call) -> Answer:
    if call.user is None:
        raise WordPressError("rest_not_logged_in", "You are not currently logged in.", 401)
    context = call.params.get("context", "view")
    if context not in ("view", "embed", "edit"):
        raise invalid("context", "context is not one of view, embed, and edit.")
    name = call.user.value.partition(":")[0]
    shown = {"id": STAFF, "name": call.page.extra.get("staff", call.page.name), "slug": name, "url": "", "description": ""}
    if context == "edit":
        shown |= {
            "username": name,
            "roles": ["editor" if call.moderates else "author"],
            "capabilities": {MODERATE: call.moderates},
        }
    return pick(call, shown), 200, {}
