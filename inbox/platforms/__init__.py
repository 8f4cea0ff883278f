from inbox.platforms.base import Connector, Family


def get(slug: str) -> Connector:
    raise LookupError(slug)


def family(slug: str) -> Family:
    raise LookupError(slug)
