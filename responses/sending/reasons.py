"""Why a reply did not leave, in words: what happened, and what to do next."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from inbox.models import Message
from inbox.platforms.base import Reason

# Ours, beside the platforms': refused before the platform was asked, or decided by a person.
WORDS_WITHDRAWN = "words_withdrawn"
NOT_SENT = "not_sent"
NO_PRIVATE_REPLY = "no_private_reply"
HIDDEN = "hidden"
LIVE = "live"
LIVE_OVER = "live_over"
NOT_REACHED = "not_reached"
READ_ONLY = "read_only"
NOT_FROM_HERE = "not_from_here"
NOT_PUBLISHED = "not_published"  # taken, read by the platform, and refused
MESSAGES_FORBIDDEN = "messages_forbidden"
CRISIS = "crisis"
THREAT = "threat"
ADVERSE_EVENT = "adverse_event"
RESERVED = "reserved"


@dataclass(frozen=True, slots=True)
class Explanation:
    what: str | Promise
    advice: str | Promise


EXPLANATIONS: dict[str, Explanation] = {
    Reason.THROTTLED: Explanation(
        _("The platform asks us to slow down."),
        _("Nothing was sent. Try again later; if the matter is urgent, call the person."),
    ),
    Reason.POLICY_BLOCK: Explanation(
        _("The platform has blocked this page from answering for now."),
        _("Do not try again. Tell your administrator, who will see the reason in the page’s own settings."),
    ),
    MESSAGES_FORBIDDEN: Explanation(
        _("The platform has forbidden this page private messages for now."),
        _("Answer in public where that is possible, or call the person. Your administrator sees the reason under “Channels”."),
    ),
    Reason.ACCOUNT_LOCKED: Explanation(
        _("The platform has locked this account, or waits for a payment."),
        _("Tell your administrator, who will see the reason in the account’s own settings. Until then, call the person."),
    ),
    Reason.TOKEN_DEAD: Explanation(
        _("The link between Comptoir and this page is broken."),
        _("Ask your administrator to connect the channel again. Until then, answer in the platform’s own app."),
    ),
    Reason.PERMISSION: Explanation(
        _("The platform no longer lets Comptoir answer for this page."),
        _("Ask your administrator to check the permissions of the channel. Until then, answer in the platform’s own app."),
    ),
    Reason.WINDOW_CLOSED: Explanation(
        _("The time in which the platform lets us write to this person is over."),
        _("Call them, or wait until they write again: the time then starts anew."),
    ),
    Reason.OPTED_OUT: Explanation(
        _("This person has asked not to receive our messages."),
        _("Respect their choice: do not write to them elsewhere either, unless they ask. If they wait for care, call them."),
    ),
    Reason.RECIPIENT_UNAVAILABLE: Explanation(
        _("This person cannot receive our messages: they may have blocked us or closed their account."),
        _("Answer another way, or close the conversation."),
    ),
    Reason.THREAD_OWNED: Explanation(
        _("Someone is answering this person in the platform’s own inbox, which holds the conversation."),
        _("Look there first. When they are done, use these words again."),
    ),
    Reason.GONE: Explanation(
        _("What you were answering is no longer there: it was removed."),
        _("Close the conversation, or answer the person another way."),
    ),
    Reason.NOT_ALLOWED: Explanation(
        _("The platform does not allow an answer in this place."),
        _("Try the other kind of answer, public or private, or use the platform’s own app."),
    ),
    Reason.ALREADY_REPLIED: Explanation(
        _("This comment already received the one private message the platform allows."),
        _("Answer in public, or wait until the person writes in private."),
    ),
    Reason.ALREADY_ANSWERED: Explanation(
        _("This review has an answer already, and has room for one alone."),
        _("Nothing was sent. Look at the answer that stands, and change that one if it is not enough."),
    ),
    Reason.TOO_LONG: Explanation(
        _("The text is too long for this platform."),
        _("Use these words again and shorten them."),
    ),
    Reason.DUPLICATE: Explanation(
        _("The same words already stand there."),
        _("Look at the conversation on the platform. If an answer is missing, put it in other words."),
    ),
    Reason.UNVERIFIED: Explanation(
        _("The platform has not verified this location yet, and publishes no answer of ours until then."),
        _("Ask your administrator to verify the location with the platform."),
    ),
    Reason.INVALID: Explanation(
        _("The platform did not accept the reply as it was written."),
        _("Use these words again and simplify them; if it happens again, tell your administrator."),
    ),
    Reason.OUTDATED: Explanation(
        _("The platform no longer speaks with this version of Comptoir."),
        _("Tell your administrator: the version of the platform’s interface must be raised. Until then, answer in its own app."),
    ),
    Reason.OTHER: Explanation(
        _("The platform refused the reply without a reason we know."),
        _("Use these words again; if it happens again, tell your administrator."),
    ),
    WORDS_WITHDRAWN: Explanation(
        _("The approved text was withdrawn or has expired since you pressed Send."),
        _("Choose another template."),
    ),
    NOT_SENT: Explanation(
        _("Someone looked on the platform: the reply is not there."),
        _("Use these words again to send them."),
    ),
    NOT_REACHED: Explanation(
        _("The platform could not be reached."),
        _("Nothing was sent. Use these words again later; if the matter is urgent, call the person."),
    ),
    READ_ONLY: Explanation(
        _("This site only tells Comptoir what is written there; it takes no answers."),
        _("Answer on the site itself, or ask your administrator to give its callback address."),
    ),
    NOT_FROM_HERE: Explanation(
        _("Private messages of this platform come to Comptoir, and are not answered from here."),
        _("Answer in the platform’s own app: Comptoir sees it there, and the wait ends. If it is urgent, call the person."),
    ),
    NOT_PUBLISHED: Explanation(
        _("The platform read this answer before publishing it, and refused it: nobody sees it."),
        _("Answer again in other words, without names, phone numbers or anything of the person’s health."),
    ),
    CRISIS: Explanation(
        _("This person may be in danger: only approved words on that leave."),
        _("Look at the conversation, use the template for it, and call whom the red notice names."),
    ),
    THREAT: Explanation(
        _("This conversation may hold a threat: nothing is answered."),
        _("Tell a manager now, who decides what is done. If the danger is immediate, call 911."),
    ),
    ADVERSE_EVENT: Explanation(
        _("Somebody tells of an adverse event: only the words approved for it leave, and no reply judges what caused it."),
        _("Use a template on adverse events. A person who may can say that it is not one, on the badge of the message."),
    ),
    RESERVED: Explanation(
        _("This comes from the media, or threatens with the law: a manager answers it, and nobody else."),
        _("Leave them a note, or assign the conversation to one of them. If the badge is wrong, take it off, with a reason."),
    ),
    NO_PRIVATE_REPLY: Explanation(
        _("This comment can no longer be answered in private."),
        _("The platform allows one private message, in the seven days after the comment. Answer in public."),
    ),
    HIDDEN: Explanation(
        _("This comment is hidden, and the platform takes no public answer to it."),
        _("Show it again first, or answer in private."),
    ),
    LIVE: Explanation(
        _("What is said in a live video takes no public answer."),
        _("Answer in private, as long as the video is live."),
    ),
    LIVE_OVER: Explanation(
        _("This was said in a live video, and can be answered in private only as long as that is live."),
        _("Call the person, or wait until they write in private."),
    ),
}


def code_of(message: Message) -> str:
    """Why one of ours did not reach anybody after the platform had taken it; "" where it did."""
    if not message.undone:
        return ""
    return message.failure if message.failed_at else NOT_PUBLISHED


def explain(code: str) -> Explanation:
    return EXPLANATIONS.get(code, EXPLANATIONS[Reason.OTHER])
