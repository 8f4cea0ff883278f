from accounts.models.audit import AuditEntry, AuditSeal
from accounts.models.organizations import Location, Organization, Province, SpecialDay
from accounts.models.people import Duty, Invitation, Membership, User

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "Duty",
    "Invitation",
    "Location",
    "Membership",
    "Organization",
    "Province",
    "SpecialDay",
    "User",
]
