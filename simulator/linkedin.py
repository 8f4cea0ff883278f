"""LinkedIn organization pages: notifications, and the /rest calls around comments. LinkedIn has no messages for pages."""

import re
import secrets
import time
import uuid
from datetime import datetime, timedelta

from simulator import environment, handshakes, options, signing, wire
from simulator.models import Comment, Delivery, Page, Person, Post
from simulator.platforms import Endpoint, Platform, Regime, number
from simulator.signing import stable_number
from simulator.wire import Json, milliseconds

TYPE = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
SECRETS = environment.secrets_of("LINKEDIN_CLIENT_SECRET", default="dev-linkedin-client-secret")
SUBSCRIBER = "urn:li:person:admin01"
ACTIONS = {"add": "COMMENT", "edited": "COMMENT_EDIT", "remove": "COMMENT_DELETE"}


def comment_urn(comment: Comment) -> str:
    return f"urn:li:comment:({comment.post.external_id},{comment.external_id})"


def actor(comment: Comment) -> str:
    if comment.by_page:
        return comment.page.external_id
    return comment.author.external_id if comment.author else "urn:li:person:private"


def _notification(page: Page, post: Post, action: str, generated: str, at: datetime) -> Json:
    return {
        "notificationId": time.time_ns() // 1000 * 100 + secrets.randbelow(100),
        "organizationalEntity": page.external_id,
        "action": action,
        "sourcePost": post.external_id,
        "decoratedSourcePost": {"entity": post.share_id, "owner": page.external_id, "text": post.text, "mediaCategory": "NONE"},
        "generatedActivity": generated,
        "lastModifiedAt": milliseconds(at),
        "subscriber": SUBSCRIBER,
    }


def comment_event(comment: Comment, verb: str, at: datetime) -> Json | None:
    action = ACTIONS.get(verb)
    if action is None:
        return None  # nothing can be hidden here
    if verb == "add" and comment.by_page:
        action = "ADMIN_COMMENT"
    # The notification drops the inner prefix that the comment's own URN has.
    short = comment_urn(comment).replace("(urn:li:", "(")
    event = _notification(comment.page, comment.post, action, short, at)
    if verb != "remove":
        decorated = {
            "entity": comment_urn(comment),
            "owner": actor(comment),
            "object": comment.post.external_id,
            "text": comment.text,
        }
        if comment.parent and options.get("linkedin_nesting"):
            decorated["parentComment"] = comment_urn(comment.parent)
        event["decoratedGeneratedActivity"] = {"comment": decorated}
    return event


def reaction_event(comment: Comment, person: Person, reaction: str, at: datetime) -> Json | None:
    if not reaction:
        return None  # taking a reaction back is not told
    generated = f"urn:li:like:({person.external_id},{comment_urn(comment)})"
    return _notification(comment.page, comment.post, "LIKE", generated, at)


def find_post(urn: str) -> Post | None:
    posts = Post.objects.select_related("page")
    return posts.filter(external_id=urn).first() or posts.filter(share_id=urn).exclude(share_id="").first()


def find_comment(urn: str) -> Comment | None:
    match = re.fullmatch(r"urn:li:comment:\((?:urn:li:)?\w+:\d+,(\d+)\)", urn)
    comments = Comment.objects.select_related("post__page", "author", "parent").filter(removed_at=None)
    return comments.filter(external_id=match[1]).first() if match else None


# --- the receiver --------------------------------------------------------------------------------


def challenge(url: str) -> str:
    code = str(uuid.uuid4())
    answer = handshakes.ask(url, {"challengeCode": code})
    if answer.status_code != 200:
        return f"refusée : HTTP {answer.status_code}"
    if not answer.headers.get("Content-Type", "").startswith("application/json"):
        return "refusée : la réponse n’est pas du JSON"
    expected = {"challengeCode": code, "challengeResponse": signing.challenge_response(SECRETS[0], code)}
    return "" if answer.json() == expected else "refusée : la preuve n’est pas exacte"


def sign(delivery: Delivery, body: bytes) -> dict[str, str]:
    secret = SECRETS[0] if delivery.signature != "bad" else "another secret"
    bare = "bare" in (delivery.signature, options.get("linkedin_signature"))
    return (signing.linkedin_bare if bare else signing.linkedin)(secret, body)


ENDPOINT = Endpoint(
    name="linkedin",
    path="/hooks/linkedin/",
    body=lambda delivery: wire.dumps({"type": delivery.object, "notifications": delivery.items}).encode(),
    sign=sign,
    regime=lambda delivery: Regime((300.0,) * 96),  # every five minutes for eight hours
    most=10,
    takes=lambda status: 200 <= status < 300,
    challenge=challenge,
    challenge_every=timedelta(hours=2),
    blocked_after=3,
)

PLATFORM = Platform(
    slug="linkedin",
    label="LinkedIn",
    endpoint=ENDPOINT,
    object=TYPE,
    person_id=lambda page, name: "urn:li:person:" + stable_number("linkedin", name, digits=10),
    post_ids=lambda page: ("urn:li:activity:" + number(19, "74"), "urn:li:share:" + number(19, "74")),
    comment_id=lambda post: number(19, "74"),
    comment_event=comment_event,
    reaction_event=reaction_event,
    options={
        "linkedin_signature": "documented",  # or "bare"
        "linkedin_nesting": True,  # whether a notification tells which comment a reply answers: no document says
    },
)
