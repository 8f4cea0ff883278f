from argparse import ArgumentParser
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from accounts import audit
from accounts.access import Role
from accounts.models import Location, Membership, Organization, User
from inbox.waits import policies


class Command(BaseCommand):
    help = (
        "Found an organization with its first location and its first administrator, who chooses a password by the link printed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="NAME")
        parser.add_argument("--kind", choices=Organization.Kind.values, default=Organization.Kind.PHARMACY)
        parser.add_argument("--location", required=True, metavar="NAME")
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True, help="of the administrator")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = slugify(options["organization"])[:50]
        if not slug or not slugify(options["location"]):
            raise CommandError("A name needs at least one letter.")
        if Organization.objects.filter(slug=slug).exists():
            raise CommandError(f"The organization {slug!r} is there already: its administrators invite others under Team.")
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user = self._found(slug, **options)
        path = reverse(
            "account_reset_password_from_key",
            kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
        )
        place = slugify(options["location"])[:50]
        self.stdout.write(f"Founded {slug} with the location {place}. Choose a password here: {settings.PUBLIC_URL}{path}")

    @transaction.atomic
    def _found(self, slug: str, **options: Any) -> User:
        now, name = timezone.now(), options["location"]
        organization = Organization.objects.create(name=options["organization"], slug=slug, kind=options["kind"])
        Location.objects.create(organization=organization, name=name, short_name=name[:40], slug=slugify(name)[:50])
        policies.create(organization, now=now)
        email = User.objects.normalize_email(options["email"]).lower()
        user = User.objects.filter(email=email).first() or User.objects.create_user(email=email, name=options["name"])
        member = Membership.objects.create(user=user, organization=organization, role=Role.ADMIN, all_locations=True)
        audit.record("organization.founded", organization, organization=organization, by=None, now=now, administrator=str(member))
        return user
