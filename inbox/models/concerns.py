"""Badges by whose work they are: the list is narrowed to each, and an index holds what has any of them."""

from django.db.models import Q

NUMBERS = ("ramq", "sin", "ohip", "bc_phn", "rx_number", "record_number")
PERSONAL = (*NUMBERS, "dob", "name", "phone", "email", "address", "postal_code")
BADGES = {
    "personal": PERSONAL,
    "privacy": ("privacy_request", "privacy_incident", "third_party_request"),
    "compliance": ("ad_complaint", "off_label", "misinformation"),
    "reserved": ("media_request", "legal"),
    "language": ("language",),
    "nuisance": ("abuse", "spam"),
    "unreadable": ("unreadable",),
}
CONCERNED = Q(badges__overlap=[badge for badges in BADGES.values() for badge in badges])
