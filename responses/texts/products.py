"""What an organization makes, by name: of this no reply may say to everybody what it does."""

from accounts.models import Organization
from inbox.models import OwnProduct


def own_products(organization: Organization) -> tuple[str, ...]:
    """Of a maker. Elsewhere they are what everybody sells."""
    if organization.kind != Organization.Kind.MANUFACTURER:
        return ()
    return tuple(OwnProduct.objects.filter(organization=organization).values_list("name", flat=True))
