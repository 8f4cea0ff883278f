"""What each body of a page's `feed`, `mention` and `ratings` means."""

import json
from typing import Any

import pytest

from inbox.platforms import signing
from inbox.platforms.base import (
    Attachment,
    Author,
    Edited,
    Event,
    Hint,
    Kind,
    OwnTurn,
    PolicyEnforced,
    PostPublished,
    PostSeen,
    Reacted,
    Received,
    Removed,
    Unrecognised,
    VisibilityChanged,
)
from tests.inbox.platforms.contract import SECRET, PlatformContract, at, body_of, events_in, events_of, only
from tests.inbox.platforms.meta import test_messenger, test_meta

PAGE = "100200300400500"
POST, VISITORS = f"{PAGE}_900111", f"{PAGE}_900666"
COMMENT, ANSWER = "900111_900222", "900111_900334"
JULIE = Author("7011223344556677", "Julie Tremblay")
WHO = {"platform": "facebook", "channel_id": PAGE}
WITHHELD = (Attachment("unsupported"),)
PERMALINK = "https://www.facebook.com/permalink.php?story_fbid=900111&id=100200300400500"


def comment(external_id: str, moment: int, text: str = "", **fields: Any) -> Received:
    defaults = {"thread": external_id, "author": JULIE, "post": PostSeen(POST)}
    return Received(**WHO, external_id=external_id, kind=Kind.COMMENT, text=text, at=at(moment), **defaults | fields)


def attached(external_id: str, moment: int, *attachments: Attachment, **fields: Any) -> Received:
    return comment(external_id, moment, attachments=attachments, **fields)


def own_post(number: int, text: str, moment: int | None = 1795431200, **fields: Any) -> PostPublished:
    published = at(moment) if moment else None
    return PostPublished(**WHO, post=PostSeen(f"{PAGE}_{number}", text=text, published_at=published, **fields))


def reacted(target: str, moment: int, reaction: str) -> Reacted:
    return Reacted(**WHO, external_id=target, actor=JULIE, reaction=reaction, at=at(moment))


def hidden(target: str, moment: int, hidden: bool) -> VisibilityChanged:
    return VisibilityChanged(**WHO, external_id=target, hidden=hidden, at=at(moment))


def review(external_id: str, text: str, rating: str) -> Received:
    return Received(
        **WHO,
        external_id=external_id,
        kind=Kind.REVIEW,
        thread=external_id,
        text=text,
        rating=rating,
        author=JULIE,
        at=at(1795431499),
    )


COMMENTS = {
    "comment_add": comment(
        COMMENT,
        1795430409,
        "Avez-vous le vaccin contre la grippe aujourd'hui\u00a0? 🙏",
        post=PostSeen(POST, permalink=PERMALINK),
    ),
    "comment_add_nested": comment("900111_900333", 1795430500, "Merci !", thread=COMMENT, parent=COMMENT),
    "comment_add_photo_only": attached(
        "900111_900444", 1795430600, Attachment("image", "https://scontent.example/ordonnance.jpg")
    ),
    "comment_add_without_author": attached("900111_900555", 1795430950, *WITHHELD, author=None),
    "comment_add_old_sender": comment("900111_900556", 1795430960, "Allo"),
    "comment_add_bare_ids": comment("900111_900557", 1795430961, "Sans préfixe", thread=COMMENT, parent=COMMENT),
    "comment_add_numeric_ids": comment(COMMENT, 1795430409, "En chiffres", post=PostSeen("900111")),
    "comment_on_ad": comment(
        "900111_900230",
        1795430409,
        "Est-ce offert partout ?",
        post=PostSeen(POST, permalink=f"https://www.facebook.com/{POST}", kind="ad"),
    ),
    "comment_on_promoted_post": comment(
        "900111_900231",
        1795430409,
        "Jusqu’à quand ?",
        post=PostSeen(POST, permalink=f"https://www.facebook.com/{POST}", kind="ad"),
    ),
    "comment_on_reel": comment(
        "900111_900232",
        1795430409,
        "Belle équipe !",
        post=PostSeen(POST, permalink="https://www.facebook.com/reel/900111", kind="reel"),
    ),
    "comment_with_video": comment(
        "900111_900233", 1795430409, "Regardez", attachments=(Attachment("video", "https://video.example/v.mp4"),)
    ),
    "comment_with_link": comment(
        "900111_900234", 1795430409, "https://exemple.ca", attachments=(Attachment("share", "https://exemple.ca"),)
    ),
    "comment_with_photos": attached(
        "900111_900235",
        1795430409,
        Attachment("image", "https://scontent.example/1.jpg"),
        Attachment("image", "https://scontent.example/2.jpg"),
    ),
    "comment_add_own": OwnTurn(
        **WHO,
        external_id=ANSWER,
        kind=Kind.COMMENT,
        thread=COMMENT,
        parent=COMMENT,
        text="Bonjour Julie, oui.",
        at=at(1795430510),
        post=PostSeen(POST),
    ),
    "comment_edited": Edited(**WHO, external_id=COMMENT, text="Avez-vous le vaccin demain ?", at=at(1795430700)),
    "comment_edited_without_text": Hint(**WHO, external_id=COMMENT),
    "comment_update": Edited(**WHO, external_id=COMMENT, text="Avez-vous encore le vaccin ?", at=at(1795430701)),
    "comment_hide": hidden(COMMENT, 1795430800, True),
    "comment_unhide": hidden(COMMENT, 1795430850, False),
    "comment_remove": Removed(**WHO, external_id=COMMENT, at=at(1795430900)),
    "comment_delete": Removed(**WHO, external_id=COMMENT, at=at(1795430901)),
    "comment_remove_without_time": Removed(**WHO, external_id=COMMENT, at=at(1795430412)),
}

REACTIONS = {
    "reaction_on_post": reacted(POST, 1795431000, "love"),
    "reaction_on_comment": reacted(ANSWER, 1795431001, "angry"),
    "reaction_removed": reacted(ANSWER, 1795431002, ""),
    "like_of_comment": reacted(ANSWER, 1795431003, "like"),
    "reaction_edited": reacted(ANSWER, 1795431004, "haha"),
    "reaction_on_post_removed": reacted(POST, 1795431005, ""),
    "reaction_sorry": reacted(POST, 1795431007, "sad"),
}

POSTS = {
    "visitor_post": comment(VISITORS, 1795431100, "Horaires du samedi ?", post=None),
    "visitor_photo": attached(VISITORS, 1795431115, Attachment("image", "https://scontent.example/p2.jpg"), post=None),
    "visitor_share_with_words": comment(
        VISITORS, 1795431116, "Est-ce vrai ?", post=None, attachments=(Attachment("share", "https://exemple.ca"),)
    ),
    "visitor_post_edited": Edited(**WHO, external_id=VISITORS, text="Horaires du dimanche ?", at=at(1795431110)),
    "visitor_post_edited_without_text": Hint(**WHO, external_id=VISITORS),
    "visitor_post_hide": hidden(VISITORS, 1795431112, True),
    "visitor_post_unhide": hidden(VISITORS, 1795431113, False),
    "visitor_post_remove": Removed(**WHO, external_id=VISITORS, at=at(1795431114)),
    "visitor_post_answered": OwnTurn(
        **WHO,
        external_id="900666_900667",
        kind=Kind.COMMENT,
        thread="900666_900667",
        parent=VISITORS,
        text="De 9 h à 17 h.",
        at=at(1795431150),
        post=PostSeen(VISITORS),
    ),
    "page_post": own_post(900770, "Bonjour à tous"),
    "page_status": own_post(900777, "Clinique ouverte"),
    "page_photo": own_post(900779, "Photo", 1795431202, picture="https://scontent.example/p.jpg"),
    "page_video": own_post(900781, "La salle"),
    "page_share": own_post(900783, "À lire"),
    "page_album": own_post(900784, "Nos équipes"),
    "page_event": own_post(900786, "Clinique de samedi"),
    # The time of an edit is not when it was published.
    "page_post_edited": own_post(900770, "Bonjour à toutes et à tous", None),
    "page_status_edited": own_post(900777, "Clinique fermée", None),
    "page_photo_edited": own_post(900779, "Photo de l’équipe", None),
    "post_remove": Removed(**WHO, external_id=f"{PAGE}_900777", at=at(1795431300)),
    "post_hide": hidden(f"{PAGE}_900777", 1795431310, True),
    "post_unhide": hidden(f"{PAGE}_900777", 1795431311, False),
    "mention_in_comment": comment(
        "900800_900801", 1795431398, "Bravo @Pharmacie Exemple", author=None, post=PostSeen("55501_900800", kind="mention")
    ),
    "mention_in_post": comment(
        "55501_900810", 1795431397, "Merci @Pharmacie Exemple", author=None, post=PostSeen("55501_900810", kind="mention")
    ),
    "mention_removed": Removed(**WHO, external_id="900800_900801", at=at(1795431450)),
}

RATINGS = {
    "rating": review("900900", "Service rapide", "positive"),
    "rating_in_feed": review("900900", "Service rapide", "positive"),
    "rating_negative": review("900901", "Trop d’attente", "negative"),
    "rating_stars": review("900902", "Bien", "4"),
    "rating_edit": Edited(**WHO, external_id="900900", text="Plus si rapide", rating="negative", at=at(1795431600)),
    "rating_remove": Removed(**WHO, external_id="900900", at=at(1795431700)),
    "rating_comment": Received(
        **WHO,
        external_id="900900_900910",
        kind=Kind.REVIEW,
        thread="900900",
        parent="900900",
        text="J’ajoute : merci.",
        author=JULIE,
        at=at(1795431510),
    ),
    "rating_comment_own": OwnTurn(
        **WHO,
        external_id="900900_900911",
        kind=Kind.REVIEW,
        thread="900900",
        parent="900900",
        text="Merci Julie.",
        at=at(1795431520),
    ),
    "rating_reaction": reacted("900900", 1795431530, "like"),
    "rating_like": reacted("900900", 1795431531, "like"),
}

EVENTS = COMMENTS | REACTIONS | POSTS | RATINGS
EVENTS["policy_field"] = PolicyEnforced(**WHO, action="forbidden", at=at(1795430412), detail="Trop de plaintes")
NOTHING = [
    *("like_of_page", "like_of_page_removed", "reaction_without_author", "share", "page_profile"),
    *("page_status_scheduled", "page_video_not_ready", "video_block", "video_mute", "video_unblock"),
]
UNKNOWN = ["comment_unknown_verb", "unknown_item", "unknown_field"]
ELSEWHERE = ["comment_add_twice_in_one_body", *test_messenger.FACEBOOK, *test_meta.FACEBOOK]


class TestFacebookContract(PlatformContract):
    platform, sample = "facebook", "comment_add"
    junk = (
        *("comment_add", "comment_add_old_sender", "reaction_on_comment", "page_photo", "message_attachments", "message_echo"),
        *("postback", "rating", "rating_comment", "mention_in_comment", "message_delivery", "message_read", "standby"),
        *("thread_passed", "permissions_revoked", "optin", "policy_warning"),
    )

    def headers(self, body: bytes, secret: str = SECRET) -> dict[str, str]:
        return {"X-Hub-Signature-256": f"sha256={signing.digest(secret, body)}"}

    def changed(self, **value: Any) -> list[Event]:
        body = json.loads(body_of(self.platform, self.sample))
        body["entry"][0]["changes"][0]["value"] |= value
        return events_in("meta", body)

    def with_time(self, moment: Any) -> list[Event]:
        return self.changed(created_time=moment)

    def with_text(self, text: str) -> list[Event]:
        return self.changed(message=text)

    def with_id(self, external_id: str) -> list[Event]:
        return self.changed(comment_id=external_id)

    def test_every_fixture_is_tested(self):
        assert self.names() == sorted([*EVENTS, *NOTHING, *UNKNOWN, *ELSEWHERE])


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_says_what_the_platform_told(name):
    assert only("facebook", name) == EVENTS[name]


@pytest.mark.parametrize("name", NOTHING)
def test_what_nobody_waits_in_says_nothing(name):
    assert events_of("facebook", name) == []


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_not_known_is_kept_aside_with_its_page(name):
    event = only("facebook", name)
    assert isinstance(event, Unrecognised)
    assert (event.platform, event.channel_id) == ("facebook", PAGE)
    assert event.reason
