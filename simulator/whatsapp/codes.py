"""WhatsApp's refusals, told in answers and in `failed` statuses alike."""

from simulator.meta.graph import GraphError
from simulator.meta.graph.errors import ERRORS
from simulator.wire import Json

HELP = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"

# code → (title, what the details say)
CODES: dict[int, tuple[str, str]] = {
    80007: ("Rate limit issues", "The WhatsApp Business Account has reached its rate limit"),
    130429: ("Rate limit hit", "Cloud API message throughput has been reached"),
    130472: ("User's number is part of an experiment", "Message was not sent as part of an experiment"),
    131000: ("Something went wrong", "Message failed to send due to an unknown error"),
    131005: ("Access denied", "Permission is either not granted or has been removed"),
    131008: ("Required parameter is missing", "The request is missing a required parameter"),
    131009: ("Parameter value is not valid", "One or more parameter values are invalid"),
    131016: ("Service unavailable", "A service is temporarily unavailable"),
    131026: ("Message undeliverable", "Message Undeliverable."),
    131031: ("Business Account locked", "The account has been restricted or disabled for violating a platform policy"),
    131042: ("Business eligibility payment issue", "Message failed to send because of an issue with the payment method"),
    131047: ("Re-engagement message", "More than 24 hours have passed since the customer last replied to this number"),
    131048: ("Spam rate limit hit", "Message failed because too many messages from this number were blocked or flagged as spam"),
    131049: ("Meta chose not to deliver", "This message was not delivered to maintain healthy ecosystem engagement"),
    131050: ("User has opted out", "Unable to deliver the message: this recipient has stopped marketing messages"),
    131051: ("Message type unknown", "Message type is currently not supported."),
    131052: ("Media download error", "Unable to download the media sent by the user"),
    131053: ("Media upload error", "Unable to upload the media used in the message"),
    131056: ("(Business Account, Consumer Account) pair rate limit hit", "Too many messages sent to this number in a short time"),
    131062: ("BSUID recipients not supported", "This message cannot be sent to a business-scoped user id"),
    132000: ("Number of parameters does not match the expected number of params", "body: a parameter is missing or one too many"),
    132001: ("Template name does not exist in the translation", "template name does not exist in this language"),
    132005: ("Translated text too long", "The text of the template is too long once its parameters are filled in"),
    132007: ("Template format character policy violated", "The content of the template violates a WhatsApp policy"),
    132012: ("Parameter format does not match format in the created template", "body: a parameter is of another format"),
    132015: ("Template is paused", "The template is paused because of its low quality"),
    132016: ("Template is disabled", "The template was paused too many times and is now permanently disabled"),
    133016: ("Account register deregister rate limit exceeded", "Too many registration attempts for this number"),
}
# A refusal that was asked for by its code finds its words where Graph's are.
ERRORS.update({str(code): (f"(#{code}) {title}", 400) for code, (title, _) in CODES.items()})


def refusal(code: int, details: str = "", status: int = 400) -> GraphError:
    title, usual = CODES[code]
    return GraphError(code, message=f"(#{code}) {title}", status=status, details=details or usual)


def missing(name: str) -> GraphError:
    return GraphError(100, message=f"(#100) The parameter {name} is required.")


def told(code: int, details: str = "") -> Json:
    """The same as an entry of `errors[]` in a webhook."""
    title, usual = CODES[code]
    return {"code": code, "title": title, "message": title, "error_data": {"details": details or usual}, "href": HELP}
