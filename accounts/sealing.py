"""What must not be readable in a copy of the database is sealed: the first key of TOKEN_KEYS seals, all of them open."""

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction

SEALED = ("secret", "seed")  # of a second step by an app, and of its recovery codes


def keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.TOKEN_KEYS])


def reseal_second_steps() -> tuple[int, list[str]]:
    """With the first key. How many there are, and the addresses of whom no key opens theirs."""
    count, unreadable = 0, []
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            step = Authenticator.objects.select_for_update().select_related("user").get(pk=pk)
            try:
                again = {name: keys().rotate(step.data[name].encode()).decode() for name in SEALED if name in step.data}
            except InvalidToken:
                unreadable.append(step.user.email)
                continue
            step.data |= again
            step.save(update_fields=["data"])
        count += bool(again)
    return count, unreadable
