"""What customers do, and the page itself in the platform's own app."""

from simulator import acts, platforms, tokens
from simulator.admin import shown
from simulator.admin.asked import Answer, asked, at_of, page_of
from simulator.models import Comment, Message, Page, Post, Review, Source
from simulator.wire import Json


def _comment(external_id: str) -> Comment:
    return Comment.objects.select_related("post__page", "author", "parent").get(external_id=external_id)


def _message(external_id: str) -> Message:
    return Message.objects.select_related("page", "person").get(external_id=external_id)


@asked
def pages(given: Json) -> Answer:
    if "platform" not in given or "token" not in given:
        return [shown.page(page) for page in Page.objects.all()]
    if given["platform"] not in platforms.PLATFORMS:
        raise ValueError(f"no such platform: {given['platform']}; there are {', '.join(platforms.PLATFORMS)}")
    fields = {name: given.get(name, "") for name in ("platform", "name", "username")} | {"extra": given.get("extra", {})}
    page, created = Page.objects.update_or_create(external_id=str(given["external_id"]), defaults=fields)
    tokens.grant(page, given["token"])
    if created:
        platforms.of(page).welcome(page)
    for text in given.get("posts", []) or ([] if page.posts.exists() else ["Bonjour !"]):
        acts.publish_post(page, text, silent=True)
    return shown.page(page)


@asked
def posts(given: Json) -> Answer:
    page = page_of(given)
    published = acts.publish_post(
        page,
        given.get("text", ""),
        author=given.get("author"),
        kind=given.get("kind", ""),
        extra=given.get("extra"),
        at=at_of(given),
        external_id=given.get("external_id", ""),
        silent=bool(given.get("silent", False)),
    )
    return shown.post(published)


@asked
def change_post(given: Json, external_id: str, verb: str) -> Answer:
    post = Post.objects.select_related("page", "author").get(external_id=external_id)
    match verb:
        case "edit":
            acts.edit_post(post, given["text"], at=at_of(given))
        case "remove":
            acts.remove_post(post, at=at_of(given))
        case _:
            raise ValueError(f"a post has no {verb}")
    return shown.post(post)


@asked
def comments(given: Json) -> Answer:
    """Written by a customer, or with `native` by the page itself in the platform's own app."""
    page, native = page_of(given), bool(given.get("native"))
    comment = acts.write_comment(
        page,
        text=given.get("text", ""),
        post=Post.objects.get(external_id=given["post"]) if given.get("post") else None,
        parent=_comment(given["parent"]) if given.get("parent") else None,
        author=given.get("author"),
        photo=given.get("photo", ""),
        by_page=native,
        source=Source.NATIVE if native else Source.CUSTOMER,
        extra=given.get("extra"),
        external_id=given.get("external_id", ""),
        at=at_of(given),
    )
    return shown.comment(comment)


@asked
def change_comment(given: Json, external_id: str, verb: str) -> Answer:
    comment, at = _comment(external_id), at_of(given)
    match verb:
        case "edit":
            acts.edit_comment(comment, given["text"], at=at)
        case "remove":
            acts.remove_comment(comment, at=at)
        case "hide" | "unhide":
            acts.set_hidden(comment, verb == "hide", at=at)
        case "react":
            acts.react_to_comment(comment, given["author"], given.get("reaction", ""), at=at)
        case _:
            raise ValueError(f"a comment has no {verb}")
    return shown.comment(comment)


@asked
def messages(given: Json) -> Answer:
    page, native = page_of(given), bool(given.get("native"))
    message = acts.write_message(
        page,
        acts.person_of(page, given["author"]),
        text=given.get("text", ""),
        attachments=given.get("attachments"),
        by_page=native,
        source=Source.NATIVE if native else Source.CUSTOMER,
        reply_to=given.get("reply_to", ""),
        extra=given.get("extra"),
        external_id=given.get("external_id", ""),
        at=at_of(given),
    )
    return shown.message(message)


@asked
def change_message(given: Json, external_id: str, verb: str) -> Answer:
    message, at = _message(external_id), at_of(given)
    match verb:
        case "edit":
            acts.edit_message(message, given["text"], at=at)
        case "delete":
            acts.delete_message(message, at=at)
        case "react":
            acts.react_to_message(message, given.get("reaction", ""), at=at)
        case _:
            raise ValueError(f"a message has no {verb}")
    return shown.message(message)


@asked
def reviews(given: Json) -> Answer:
    review = acts.write_review(
        page_of(given),
        author=given.get("author"),
        text=given.get("text", ""),
        stars=given.get("stars"),
        recommends=given.get("recommends"),
        extra=given.get("extra"),
        external_id=given.get("external_id", ""),
        at=at_of(given),
    )
    return shown.review(review)


@asked
def change_review(given: Json, external_id: str, verb: str) -> Answer:
    review, at = Review.objects.select_related("page", "author").get(external_id=external_id), at_of(given)
    match verb:
        case "edit":
            acts.edit_review(review, text=given.get("text"), stars=given.get("stars"), recommends=given.get("recommends"), at=at)
        case "remove":
            acts.remove_review(review, at=at)
        case "answer":
            acts.answer_review(review, given["text"], state=given.get("state", ""), source=Source.NATIVE, at=at)
        case _:
            raise ValueError(f"a review has no {verb}")
    return shown.review(review)
