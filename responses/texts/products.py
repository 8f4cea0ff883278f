"""What an organization makes, by name: of this no reply may say to everybody what it does."""

from accounts.models import Organization
from inbox.models import OwnProduct


def makes_its_own(organization: Organization) -> bool:
    """Elsewhere they are what everybody sells."""
    return organization.kind == Organization.Kind.MANUFACTURER


def own_products(organization: Organization) -> tuple[str, ...]:
    """Of a maker."""
    if not makes_its_own(organization):
        return ()
    return tuple(OwnProduct.objects.filter(organization=organization).values_list("name", flat=True))
