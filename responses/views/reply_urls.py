from django.urls import path

from responses.views import corrections, moving, replies

urlpatterns = [
    path("conversations/<int:pk>/reply/", replies.composer, name="composer"),
    path("conversations/<int:pk>/move/", moving.move, name="move"),
    path("conversations/<int:pk>/draft/", replies.draft, name="draft"),
    path("conversations/<int:pk>/replies/", replies.reply_list, name="replies"),
    path("messages/<int:pk>/correct/", corrections.correct, name="correct"),
    path("replies/<int:pk>/undo/", replies.reply_undo, name="reply_undo"),
    path("replies/<int:pk>/resolve/", replies.reply_resolve, name="reply_resolve"),
    path("replies/<int:pk>/again/", replies.reply_again, name="reply_again"),
]
