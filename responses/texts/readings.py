"""How words would read to a person: made-up values in the fields, and whom to call at each place of the organization."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from accounts.locations.dates import today_of
from accounts.models import Location, Organization
from accounts.models.organizations import Province
from inbox.triage.help import help_lines
from responses import wording
from responses.models import TemplateVersion

LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Places:
    """The provinces in which an organization answers, and the day it is there."""

    provinces: tuple[str, ...]
    today: date

    @classmethod
    def of(cls, organization: Organization, now: datetime) -> Self:
        found = Location.objects.filter(organization=organization).order_by("province").values_list("province", flat=True)
        return cls(tuple(found.distinct()) or (Province.QUEBEC,), today_of(organization, now))

    def values(self, province: str, language: str) -> dict[str, str]:
        return wording.EXAMPLES[language] | help_lines.table().fields(province, language, on=self.today)


@dataclass(frozen=True, slots=True)
class Reading:
    places: str  # the provinces where it reads so; empty where it reads the same in all of them
    texts: list[tuple[str, str]]  # language, words: empty while they ask for fields that do not exist


@dataclass(frozen=True, slots=True)
class Offered:
    """A field that may be written in a text, and what it would become: in French and, where it differs, in English."""

    field: wording.Field
    examples: list[tuple[str, str]]


def palette(places: Places) -> list[Offered]:
    shown = [[places.values(province, language) for language in LANGUAGES] for province in places.provinces]
    return [
        Offered(field, list(dict.fromkeys((fr[field.name], en[field.name] if field.example_en else "") for fr, en in shown)))
        for field in wording.FIELDS
    ]


def readings(version: TemplateVersion, places: Places) -> list[Reading]:
    """As it reads in each place, those where it reads the same together."""
    found: dict[tuple[str, ...], list[str]] = {}
    for province in places.provinces:
        texts = tuple(_text(version.body(language), places.values(province, language)) for language in LANGUAGES)
        found.setdefault(texts, []).append(str(Province(province).label))
    return [
        Reading(", ".join(names) if len(found) > 1 else "", list(zip(LANGUAGES, texts, strict=True)))
        for texts, names in found.items()
    ]


def _text(body: str, values: dict[str, str]) -> str:
    try:
        return wording.render(body, values)
    except (wording.UnknownField, wording.MissingField):
        return ""
