"""Who administers an organization, and for whom of them its events are told."""

from dataclasses import dataclass
from datetime import timedelta

from simulator import options
from simulator.linkedin.urns import organization
from simulator.models import Page, Resource, Token
from simulator.wire import milliseconds

ADMIN = "urn:li:person:admin01"
TYPE = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
# What a role lets its member do.
READ = ("ADMINISTRATOR", "DIRECT_SPONSORED_CONTENT_POSTER", "CONTENT_ADMINISTRATOR")
WRITE = (*READ, "RECRUITING_POSTER")


def roles(page: Page) -> dict[str, str]:
    """person → role. One administrator, where nobody said otherwise."""
    return dict(page.extra.get("roles", {ADMIN: "ADMINISTRATOR"}))


def member_of(token: Token) -> str:
    return token.user or ADMIN


def role(page: Page, member: str) -> str:
    return roles(page).get(member, "")


def set_role(page: Page, member: str, role: str) -> None:
    """An empty role takes it away."""
    changed = roles(page) | {member: role}
    page.extra["roles"] = {who: what for who, what in changed.items() if what}
    page.save(update_fields=["extra"])


def managed(member: str) -> list[Page]:
    return [page for page in Page.objects.filter(platform="linkedin") if role(page, member)]


def has_grant(member: str) -> bool:
    """Whether the app still holds a living key of this member."""
    alive = Token.objects.alive(options.now()).filter(platform="linkedin", kind__in=("page", "access"))
    return any(member_of(token) == member for token in alive)


# --- subscriptions: one for each app, member and organization ------------------------------------


@dataclass(frozen=True, slots=True)
class Subscription:
    app: str
    member: str
    page: Page
    webhook: str  # "": where the app's webhooks go anyway
    expires_at: int  # ms

    @property
    def key(self) -> str:
        return f"{self.app}|{self.member}|{self.page.external_id}"

    @property
    def lives(self) -> bool:
        """It dies silently: with its time, with the member's grant, and with the member's role."""
        fresh = self.expires_at > milliseconds(options.now())
        return fresh and role(self.page, self.member) == "ADMINISTRATOR" and has_grant(self.member)


def lasts() -> int:
    return milliseconds(options.now() + timedelta(days=float(options.get("linkedin_subscription_days"))))


def subscriptions(page: Page) -> list[Subscription]:
    """Where nobody ever subscribed or unsubscribed, the administrator is: the demonstration would be silent otherwise."""
    rows = Resource.objects.filter(platform="linkedin", kind="subscription", data__entity=page.external_id)
    if not rows.exists():
        return [Subscription("urn:li:developerApplication:0", ADMIN, page, "", lasts())] if ADMIN in roles(page) else []
    return [
        Subscription(row.data["app"], row.data["member"], page, row.data["webhook"], row.data["expiresAt"])
        for row in rows
        if not row.data["gone"]
    ]


def subscribe(subscription: Subscription) -> bool:
    """Whether it is new."""
    return _keep(subscription, gone=False)


def unsubscribe(subscription: Subscription) -> None:
    _keep(subscription, gone=True)


def _keep(subscription: Subscription, *, gone: bool) -> bool:
    data = {
        "app": subscription.app,
        "member": subscription.member,
        "entity": subscription.page.external_id,
        "webhook": subscription.webhook,
        "expiresAt": subscription.expires_at,
        "gone": gone,
    }
    defaults = {"data": data, "created_at": options.now()}
    return Resource.objects.update_or_create(platform="linkedin", kind="subscription", key=subscription.key, defaults=defaults)[1]


def webhook_of(member: str, entity: str) -> str:
    page = organization(entity)
    return next((each.webhook for each in subscriptions(page) if each.member == member), "") if page else ""
