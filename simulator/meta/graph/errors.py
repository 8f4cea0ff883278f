"""Graph's refusals: "code" or "code/subcode" → its words and the HTTP status."""

OUTSIDE = "(#10) This message is sent outside of allowed window."
SESSION = "Error validating access token: "
GONE = (
    "Unsupported request. Object with this ID does not exist, cannot be loaded due to missing permissions, "
    "or does not support this operation"
)

ERRORS: dict[str, tuple[str, int]] = {
    "1": ("An unknown error occurred", 500),
    "2": ("Service temporarily unavailable", 503),
    "4": ("(#4) Application request limit reached", 403),
    "10": ("(#10) Application does not have permission for this action", 403),
    "10/2018278": (OUTSIDE, 400),
    "10/2534022": (OUTSIDE, 400),
    "10/2018300": ("(#10) Another app is controlling this thread now.", 400),
    "10/human": ("(#10) This tag requires the Human Agent feature, which this app does not have", 403),
    "100/2018008": ("(#100) Failed to fetch the file from the url", 400),
    "100/2018074": ("(#100) Param message[attachment][payload][attachment_id] is not a valid attachment", 400),
    "100/2534037": ("(#100) Another app is controlling this thread now.", 400),
    "10/2018108": ("(#10) This person cannot receive messages from this Page right now.", 400),
    "17": ("(#17) User request limit reached", 400),
    "32": ("(#32) Page request limit reached", 403),
    "100/33": (GONE, 400),
    "100/2018001": ("(#100) No matching user found", 400),
    "100/2534014": ("(#100) The requested user cannot be found.", 400),
    "100/2534025": ("(#100) The comment is not eligible for a private reply.", 400),
    "190": ("Invalid OAuth access token - Cannot parse access token", 401),
    "190/458": (SESSION + "The user has not authorized the application.", 401),
    "190/460": (SESSION + "The session has been invalidated because the user changed their password.", 401),
    "190/459": (
        SESSION + "You cannot access the app till you log in and follow the instructions given.",
        401,
    ),
    "190/464": (SESSION + "The user has not confirmed their account.", 401),
    "190/463": (SESSION + "Session has expired.", 401),
    "190/467": (SESSION + "The session was invalidated.", 401),
    "190/492": (SESSION + "The user no longer has a role on the Page.", 401),
    "190/page": ("(#190) This method must be called with a Page Access Token", 400),
    "200": ("(#200) Permissions error", 403),
    "368": ("(#368) The action attempted has been deemed abusive or is otherwise disallowed", 400),
    "551": ("(#551) This person isn't available right now.", 400),
    "551/1545041": ("(#551) This person isn't available right now.", 400),
    "613": ("(#613) Calls to this api have exceeded the rate limit.", 400),
    "1705": ("(#1705) There was an error posting to this wall.", 400),
    "10900": ("(#10900) Activity already replied to", 400),
    "10903": ("(#10903) This user cannot be replied to", 400),
    "80001": ("(#80001) There have been too many calls to this Page account. Wait a bit and try again.", 400),
    "80002": ("(#80002) There have been too many calls to this Instagram account. Wait a bit and try again.", 400),
    "80006": ("(#80006) There have been too many messenger calls to this Page account. Wait a bit and try again.", 400),
}

TITLES: dict[str, tuple[str, str]] = {
    "10/2018278": ("Fenêtre fermée", "Délai de 24 h dépassé"),
    "10/2534022": ("Fenêtre fermée", "Délai de 24 h dépassé"),
}


class GraphError(Exception):
    """details: what WhatsApp's error_data says."""

    def __init__(self, code: int, subcode: int | None = None, *, message: str = "", status: int = 400, details: str = "") -> None:
        super().__init__(message)
        self.code, self.subcode, self.message, self.status, self.details = code, subcode, message, status, details

    @classmethod
    def named(cls, name: str) -> "GraphError":
        """From "10/2018278" or "190"."""
        code, _, subcode = name.partition("/")
        message, status = ERRORS.get(name) or ERRORS.get(code) or (f"(#{code}) Refused", 400)
        return cls(int(code), int(subcode) if subcode.isdigit() else None, message=message, status=status)
