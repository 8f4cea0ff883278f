"""What must not be readable in a copy of the database is sealed: the first key of TOKEN_KEYS seals, all of them open."""

from collections.abc import Callable
from typing import TypeVar

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
SEALED = ("secret", "seed")  # of a second step by an app, and of its recovery codes


def keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.TOKEN_KEYS])


def reseal(rows: QuerySet[Row], again: Callable[[Row], None]) -> tuple[int, list[Row]]:
    """Each by itself, so that nobody waits long. How many are sealed with the first key, and those that no key opens.

    again: seals a row with the first key and saves it, or raises InvalidToken.
    """
    count, unreadable = 0, list[Row]()
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = rows.select_for_update(of=("self",)).get(pk=pk)
            try:
                again(row)
            except InvalidToken:
                unreadable.append(row)
            else:
                count += 1
    return count, unreadable


def reseal_second_steps() -> tuple[int, list[str]]:
    """How many there are, and the addresses of whom no key opens theirs."""
    count, unreadable = reseal(Authenticator.objects.select_related("user"), _reseal_second_step)
    return count, [step.user.email for step in unreadable]


def _reseal_second_step(step: Authenticator) -> None:
    step.data |= {name: keys().rotate(step.data[name].encode()).decode() for name in SEALED if name in step.data}
    step.save(update_fields=["data"])
