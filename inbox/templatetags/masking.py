"""People's words, as every page but the conversation's own shows them."""

from django import template

from inbox.models import Conversation, Message
from inbox.screening.shown import masking

register = template.Library()


@register.filter
def masked(message: Message) -> str:
    return masking.words(message)


@register.filter
def told_in(text: str, conversation: Conversation) -> str:
    """What one of us typed: a reply that has not left, a note."""
    return masking.told(text, conversation)
