"""What the platforms know."""

from simulator.models.content import Comment, Message, Post, Review, Source
from simulator.models.deliveries import Delivery, Fault, Handshake, Option
from simulator.models.pages import Page, Person, Resource, Token

__all__ = [
    "Comment",
    "Delivery",
    "Fault",
    "Handshake",
    "Message",
    "Option",
    "Page",
    "Person",
    "Post",
    "Resource",
    "Review",
    "Source",
    "Token",
]
