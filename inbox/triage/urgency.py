"""How urgent a message is: the most urgent of what was found in it."""

from collections.abc import Iterable

from inbox.triage.findings import Context, Family, Finding, Urgency

ORDER = (Urgency.NONE, Urgency.SOON, Urgency.NOW)
# Numbers that the state gave somebody, to be taken care of even where only we read them.
ALWAYS_SENSITIVE = {"ramq", "ohip", "bc_phn", "sin"}
HARMLESS = {"postal_code"}  # says too little to be dangerous in public


def urgency(findings: Iterable[Finding], context: Context) -> Urgency:
    return max((_of(finding, context) for finding in findings), key=ORDER.index, default=Urgency.NONE)


def _of(finding: Finding, context: Context) -> Urgency:
    if finding.family is Family.IDENTIFIER:
        exposed = context.public and finding.type not in HARMLESS
        return Urgency.SOON if exposed or finding.type in ALWAYS_SENSITIVE else Urgency.NONE
    if finding.type == "adverse_event":
        at_least = Urgency.NOW if finding.serious else Urgency.SOON
        return max(finding.urgency, at_least, key=ORDER.index)
    return finding.urgency
