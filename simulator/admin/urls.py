from django.urls import path

from simulator.admin import content, knobs, scripts, there, webhooks

urlpatterns = [
    path("healthz", there.healthz),
    path("state", there.state),
    path("replies", there.replies),
    path("record", there.known),
    path("media", there.file),
    path("pages", content.pages),
    path("posts", content.posts),
    path("posts/<path:external_id>/<str:verb>", content.change_post),
    path("comments", content.comments),
    path("comments/<path:external_id>/<str:verb>", content.change_comment),
    path("messages", content.messages),
    path("messages/<path:external_id>/<str:verb>", content.change_message),  # a wamid may have slashes
    path("reviews", content.reviews),
    path("reviews/<path:external_id>/do/<str:verb>", content.change_review),  # a review's id may have slashes
    path("deliveries", webhooks.delivery_list),
    path("wait", webhooks.wait),
    path("push/<str:what>", webhooks.push),
    path("raw", webhooks.raw),
    path("handshake", webhooks.handshake),
    path("handshakes", webhooks.proofs),
    path("faults", knobs.fault_list),
    path("options", knobs.option),
    path("trickle", knobs.drop),
    path("load", knobs.customers),
    path("script", scripts.perform),
    path("reset", knobs.reset),
]
