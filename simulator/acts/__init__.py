"""What people, and our own app, do on the platforms. Each act changes the state and emits the webhook its platform would send.

`at` backdates an act: the platform then tells that time everywhere.
"""

from simulator.acts.comments import edit_comment, react_to_comment, remove_comment, set_hidden, write_comment
from simulator.acts.messages import delete_message, edit_message, react_to_message, write_message
from simulator.acts.people import person_of
from simulator.acts.posts import edit_post, publish_post, remove_post
from simulator.acts.reviews import answer_review, edit_review, remove_review, write_review

__all__ = [
    "answer_review",
    "delete_message",
    "edit_comment",
    "edit_message",
    "edit_post",
    "edit_review",
    "person_of",
    "publish_post",
    "react_to_comment",
    "react_to_message",
    "remove_comment",
    "remove_post",
    "remove_review",
    "set_hidden",
    "write_comment",
    "write_message",
    "write_review",
]
