"""People's words, as every page but the conversation's own shows them."""

from django import template

from inbox.models import Message
from inbox.screening import masking

register = template.Library()


@register.filter
def masked(message: Message) -> str:
    return masking.words(message)
