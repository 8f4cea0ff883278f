"""The closed list of topics: what messages are about, and what approved words are for."""

from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Topic(StrEnum):
    HOURS = "hours"
    LOCATION = "location"
    SERVICE_INFO = "service_info"
    STOCK = "stock"
    PRICE = "price"
    INSURANCE = "insurance"
    BILLING = "billing"
    VACCINE = "vaccine"
    APPOINTMENT = "appointment"
    REFILL = "refill"
    ORDER_STATUS = "order_status"
    DELIVERY = "delivery"
    CALLBACK = "callback"
    MEDICAL_QUESTION = "medical_question"
    ADVERSE_EVENT = "adverse_event"
    PRODUCT_QUALITY = "product_quality"
    DEVICE_INCIDENT = "device_incident"
    MEDICATION_ERROR = "medication_error"
    OFF_LABEL = "off_label"
    MISINFORMATION = "misinformation"
    SELF_HARM = "self_harm"
    EMERGENCY = "emergency"
    POISONING = "poisoning"
    COMPLAINT = "complaint"
    COMPLIMENT = "compliment"
    TESTIMONIAL = "testimonial"
    GREETING = "greeting"
    JOB = "job"
    LANGUAGE = "language"
    MEDIA_REQUEST = "media_request"
    MODERATION = "moderation"
    PRIVACY_REQUEST = "privacy_request"
    PRIVACY_INCIDENT = "privacy_incident"
    THIRD_PARTY_REQUEST = "third_party_request"
    ABUSE = "abuse"
    SPAM = "spam"
    OTHER = "other"


LABELS: "dict[str, StrOrPromise]" = {
    Topic.HOURS: _("Opening hours"),
    Topic.LOCATION: _("Place and parking"),
    Topic.SERVICE_INFO: _("Services"),
    Topic.STOCK: _("Availability"),
    Topic.PRICE: _("Price"),
    Topic.INSURANCE: _("Insurance"),
    Topic.BILLING: _("Billing"),
    Topic.VACCINE: _("Vaccination"),
    Topic.APPOINTMENT: _("Appointment"),
    Topic.REFILL: _("Refill"),
    Topic.ORDER_STATUS: _("Order status"),
    Topic.DELIVERY: _("Delivery"),
    Topic.CALLBACK: _("Call back"),
    Topic.MEDICAL_QUESTION: _("Health question"),
    Topic.ADVERSE_EVENT: _("Adverse event"),
    Topic.PRODUCT_QUALITY: _("Product quality"),
    Topic.DEVICE_INCIDENT: _("Device incident"),
    Topic.MEDICATION_ERROR: _("Medication error"),
    Topic.OFF_LABEL: _("Off-label use"),
    Topic.MISINFORMATION: _("Misinformation"),
    Topic.SELF_HARM: _("Self-harm"),
    Topic.EMERGENCY: _("Emergency"),
    Topic.POISONING: _("Poisoning"),
    Topic.COMPLAINT: _("Complaint"),
    Topic.COMPLIMENT: _("Compliment"),
    Topic.TESTIMONIAL: _("Testimonial"),
    Topic.GREETING: _("Greeting"),
    Topic.JOB: _("Job"),
    Topic.LANGUAGE: _("Language"),
    Topic.MEDIA_REQUEST: _("Media request"),
    Topic.MODERATION: _("Moderation"),
    Topic.PRIVACY_REQUEST: _("Privacy request"),
    Topic.PRIVACY_INCIDENT: _("Privacy incident"),
    Topic.THIRD_PARTY_REQUEST: _("About somebody else"),
    Topic.ABUSE: _("Abuse"),
    Topic.SPAM: _("Spam"),
    Topic.OTHER: _("Other"),
}
