import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import audit
from accounts.auditing import trail
from accounts.models import AuditEntry, AuditSeal, Organization
from accounts.web import spreadsheets


class Command(BaseCommand):
    help = "The audit trail: check that it is whole, print the heads of its chains, or write it out as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser("verify", help="find what was altered, deleted, moved or cut off; exit 1 if anything was")
        verify.add_argument("--organization", metavar="SLUG", help="only this one")
        verify.add_argument(
            "--head",
            metavar="SLUG:POSITION:DIGEST",
            action="append",
            default=[],
            help="a head kept elsewhere, as printed by “audit head”",
        )
        head = verbs.add_parser("head", help="print the end of each chain, to be kept outside the database")
        head.add_argument("--organization", metavar="SLUG", help="only this one")
        export = verbs.add_parser("export", help="write all entries of an organization as CSV")
        export.add_argument("--organization", metavar="SLUG", required=True)

    def handle(self, *args: Any, verb: str, organization: str | None, **options: Any) -> None:
        chosen = Organization.objects.order_by("slug")
        if organization:
            chosen = chosen.filter(slug=organization)
            if not chosen.exists():
                raise CommandError(f"There is no organization “{organization}”.")
        match verb:
            case "verify":
                self.verify(list(chosen), options["head"])
            case "head":
                for one in chosen:
                    end = audit.head(one.pk)
                    self.stdout.write(f"{one.slug}:{end.position}:{end.digest}")
            case "export":
                self.export(chosen.get())

    def verify(self, organizations: list[Organization], known: list[str]) -> None:
        heads = [_read_head(text) for text in known]
        strangers = {slug for slug, _head in heads} - {one.slug for one in organizations}
        if strangers:
            raise CommandError(f"No chain to compare with the head of: {', '.join(sorted(strangers))}.")
        found = 0
        for one in organizations:
            faults = list(self._faults(one, [head for slug, head in heads if slug == one.slug]))
            found += len(faults)
            sealed = AuditSeal.objects.filter(organization=one).count()
            waiting = AuditEntry.objects.filter(organization=one, seal=None).count()
            self.stdout.write(f"{one.slug}: {sealed} sealed, {waiting} not yet sealed, {len(faults)} faults")
            for fault in faults:
                place = f"position {fault.position}" if fault.position else "not yet sealed"
                self.stdout.write(f"  {place}, entry {fault.entry_id or '?'}: {fault.problem}")
        if found:
            sys.exit(1)

    def _faults(self, organization: Organization, heads: list[audit.Head]) -> Iterator[audit.Fault]:
        yield from audit.verify(organization.pk)
        for known in heads:
            yield from audit.verify_against(organization.pk, known)

    def export(self, organization: Organization) -> None:
        entries = AuditEntry.objects.filter(organization=organization).select_related("actor__user").order_by("pk")
        found = (trail.cells(entry, organization.zone) for entry in entries.iterator(chunk_size=2000))
        for line in spreadsheets.lines(list(map(str, trail.HEADER)), found):
            self.stdout.write(line, ending="")


def _read_head(text: str) -> tuple[str, audit.Head]:
    try:
        slug, position, digest = text.split(":")
        return slug, audit.Head(int(position), digest)
    except ValueError as error:
        raise CommandError(f"“{text}” is not a head such as SLUG:POSITION:DIGEST.") from error
