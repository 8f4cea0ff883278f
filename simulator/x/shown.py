"""How X shows posts and messages: webhooks by the names of API 1.1, calls by those of API v2."""

import html
import re
from datetime import datetime

from simulator.models import Comment, Message, Page, Post
from simulator.signing import stable_number
from simulator.wire import Json, milliseconds

LINK = re.compile(r"https?://\S+")
Tweet = Post | Comment


def author(page: Page, tweet: Tweet) -> tuple[str, str, str]:
    """Its id, name and username."""
    person = tweet.author
    ours = tweet.by_page if isinstance(tweet, Comment) else person is None
    if ours or person is None:
        return page.external_id, page.name, page.username
    return person.external_id, person.name, re.sub(r"\W", "", person.name)[:15]


def above(tweet: Tweet) -> Tweet | None:
    """What it answers: a comment stands under its root, and the one that was meant is kept beside it."""
    if isinstance(tweet, Post):
        return None
    meant = Comment.objects.filter(external_id=str(tweet.extra.get("answers", ""))).select_related("author").first()
    return meant or tweet.parent or tweet.post


def words(page: Page, tweet: Tweet) -> tuple[str, Json]:
    """As X shows them: who is answered stands in front, links are short, and & < > are written as in a page."""
    to = None if tweet.extra.get("unasked") else above(tweet)
    return short(f"@{author(page, to)[2]} {tweet.text}" if to else tweet.text)


def short(text: str) -> tuple[str, Json]:
    shown = html.escape(text, quote=False)
    links = {link: "https://t.co/" + stable_number("t.co", link, digits=10) for link in LINK.findall(shown)}
    for link, short in links.items():
        shown = shown.replace(link, short)
    return shown, {"urls": [{"url": short, "expanded_url": html.unescape(link)} for link, short in links.items()]}


def legacy(page: Page, tweet: Tweet) -> Json:
    (who, name, username), (text, entities), to = author(page, tweet), words(page, tweet), above(tweet)
    shown: Json = {
        "created_at": tweet.created_at.strftime("%a %b %d %H:%M:%S +0000 %Y"),
        "id": int(tweet.external_id),
        "id_str": tweet.external_id,
        "text": text,
        "truncated": len(text) > 140,
        "entities": entities,
        "in_reply_to_status_id_str": to.external_id if to else None,
        "in_reply_to_user_id_str": author(page, to)[0] if to else None,
        "user": {"id": int(who), "id_str": who, "name": name, "screen_name": username},
    }
    long = {"text": f"{text[:116]}… https://t.co/x", "extended_tweet": {"full_text": text, "entities": entities}}
    return shown | (long if shown["truncated"] else {})


def told(page: Page, tweet: Tweet, verb: str, at: datetime) -> Json | None:
    """Nothing of what others delete; and what is edited would be another post."""
    who, ours = {"for_user_id": page.external_id}, author(page, tweet)[0] == page.external_id
    if verb == "add":
        return who | {"tweet_create_events": [legacy(page, tweet)]}
    gone = {"status": {"id": tweet.external_id, "user_id": page.external_id}, "timestamp_ms": str(milliseconds(at))}
    return who | {"tweet_delete_events": [gone]} if verb == "remove" and ours else None


def show(page: Page, tweet: Tweet, fields: str) -> Json:
    """By the names of API v2, and no more of it than was asked for."""
    (text, entities), to, at = words(page, tweet), above(tweet), tweet.created_at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    more: Json = {"author_id": author(page, tweet)[0], "created_at": at, "entities": entities}
    if to:
        more |= {"in_reply_to_user_id": author(page, to)[0], "referenced_tweets": [{"type": "replied_to", "id": to.external_id}]}
    return {"id": tweet.external_id, "text": text} | {name: value for name, value in more.items() if name in fields.split(",")}


def message_event(message: Message, verb: str, at: datetime) -> Json | None:
    """Told to both sides when it is written, and never again."""
    if verb != "add":
        return None
    page, person = message.page, message.person
    sides = (page.external_id, person.external_id)
    sender, to = sides if message.by_page else sides[::-1]
    shown, entities = short(message.text)
    data: Json = {"text": shown, "entities": entities}
    if message.attachments:
        kind = "video" if message.attachments[0]["type"] == "video" else "photo"
        data["attachment"] = {"type": "media", "media": {"id_str": message.external_id, "type": kind}}
    created: Json = {"target": {"recipient_id": to}, "sender_id": sender, "message_data": data}
    users = {each.external_id: {"id": each.external_id, "name": each.name} for each in (page, person)}
    event = {"type": "message_create", "id": message.external_id, "created_timestamp": str(milliseconds(at))}
    return {"for_user_id": page.external_id, "direct_message_events": [event | {"message_create": created}], "users": users}
