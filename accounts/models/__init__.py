from accounts.models.audit import AuditEntry, AuditSeal
from accounts.models.organizations import Location, Organization
from accounts.models.people import Invitation, Membership, User

__all__ = ["AuditEntry", "AuditSeal", "Invitation", "Location", "Membership", "Organization", "User"]
