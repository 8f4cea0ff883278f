"""The state as /_sim/ tells it."""

from simulator import options
from simulator.models import Comment, Delivery, Fault, Message, Page, Post, Review
from simulator.webhooks import deliveries
from simulator.wire import Json


def page(page: Page) -> Json:
    return {
        "id": page.external_id,
        "platform": page.platform,
        "name": page.name,
        "username": page.username,
        "token": page.token,
        "extra": page.extra,
        "posts": list(page.posts.values_list("external_id", flat=True)),
    }


def post(post: Post) -> Json:
    return {
        "id": post.external_id,
        "share_id": post.share_id,
        "kind": post.kind,
        "author": post.author.name if post.author else "",
        "text": post.text,
        "removed": post.removed_at is not None,
        "created_at": post.created_at.isoformat(),
    }


def comment(comment: Comment) -> Json:
    return {
        "id": comment.external_id,
        "kind": "comment",
        "page": comment.page.external_id,
        "post": comment.post.external_id,
        "parent": comment.parent.external_id if comment.parent else "",
        "author": comment.page.name if comment.by_page else comment.author.name if comment.author else "",
        "author_id": comment.page.external_id if comment.by_page else comment.author.external_id if comment.author else "",
        "source": comment.source,
        "text": comment.text,
        "photo": comment.photo,
        "hidden": comment.hidden_at is not None,
        "removed": comment.removed_at is not None,
        "created_at": comment.created_at.isoformat(),
        "extra": comment.extra,
    }


def message(message: Message) -> Json:
    return {
        "id": message.external_id,
        "kind": "message",
        "page": message.page.external_id,
        "person": message.person.external_id,
        "author": message.page.name if message.by_page else message.person.name,
        "source": message.source,
        "text": message.text,
        "attachments": message.attachments,
        "private_reply_to": message.comment.external_id if message.comment else "",
        "tag": message.tag,
        "metadata": message.metadata,
        "deleted": message.deleted_at is not None,
        "created_at": message.created_at.isoformat(),
        "extra": message.extra,
    }


def review(review: Review) -> Json:
    return {
        "id": review.external_id,
        "kind": "review",
        "page": review.page.external_id,
        "author": review.author.name if review.author else "",
        "stars": review.stars,
        "recommends": review.recommends,
        "text": review.text,
        "reply": review.reply,
        "reply_state": review.reply_state,
        "reply_source": review.reply_source,
        "removed": review.removed_at is not None,
        "created_at": review.created_at.isoformat(),
        "updated_at": review.updated_at.isoformat(),
        "extra": review.extra,
    }


def everything(owner: Page) -> Json:
    comments = Comment.objects.filter(post__page=owner).select_related("post__page", "author", "parent")
    return page(owner) | {
        "posts": [post(each) for each in owner.posts.all()],
        "comments": [comment(each) for each in comments],
        "messages": [message(each) for each in owner.messages.select_related("page", "person", "comment")],
        "reviews": [review(each) for each in owner.reviews.select_related("page", "author")],
    }


def delivery(delivery: Delivery) -> Json:
    return {
        "pk": delivery.pk,
        "endpoint": delivery.endpoint,
        "what": delivery.what,
        "body": deliveries.body_of(delivery).decode(),
        "held": delivery.held,
        "attempts": delivery.attempts,
        "waits": (delivery.next_at - options.now()).total_seconds(),  # until it is sent, or sent again
        "last_status": delivery.last_status,
        "last_error": delivery.last_error,
        "delivered": delivery.delivered_at is not None,
        "dropped": delivery.dropped_at is not None,
    }


def fault(fault: Fault) -> Json:
    return {
        "kind": fault.kind,
        "platform": fault.platform,
        "page": fault.page.external_id if fault.page else "",
        "value": fault.value,
        "remaining": fault.remaining,
        "chance": fault.chance,
    }
