from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils import timezone, translation

from accounts import sealing
from accounts.models import User
from accounts.team import people

SIGN_IN_CHANGES = {
    "account/email/password_changed": "user.password_changed",
    "account/email/password_set": "user.password_changed",
    "account/email/password_reset": "user.password_reset",
    "mfa/email/totp_activated": "user.second_step_on",
    "mfa/email/totp_deactivated": "user.second_step_off",
    "mfa/email/recovery_codes_generated": "user.recovery_codes_made",
}


class InvitationOnly(DefaultAccountAdapter):
    """People come by invitation; nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of the person who reads it, whoever asked for it and from wherever."""
        chosen = User.objects.filter(email__iexact=email).values_list("language", flat=True).first()
        with translation.override(chosen or translation.get_language()):
            super().send_mail(template_prefix, email, context)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """allauth tells a person here that their sign-in changed: the audit trail hears of it too."""
        if action := SIGN_IN_CHANGES.get(template_prefix):
            people.tell_of_sign_in(user, action, now=timezone.now())
        super().send_notification_mail(template_prefix, user, context, email)


class EncryptedSecrets(DefaultMFAAdapter):
    """A copy of the database must not be enough to make somebody's sign-in codes."""

    def encrypt(self, text: str) -> str:
        return sealing.keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.keys().decrypt(encrypted_text.encode()).decode()
