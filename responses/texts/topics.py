"""What a template may be about in one organization: the topics of the closed list, and its own."""

from django.utils.translation import gettext as _

from inbox.models import OwnTopic
from inbox.models.own import OwnTopicQuerySet
from responses.models.templates import TOPICS


def names(organization_id: int) -> dict[str, str]:
    """All that its templates may hold, in the reader's words: also what was withdrawn."""
    return {topic: str(label) for topic, label in TOPICS} | own_names(organization_id)


def own_names(organization_id: int) -> dict[str, str]:
    return _named(OwnTopic.objects.filter(organization=organization_id))


def to_choose(organization_id: int, *, kept: str = "") -> dict[str, str]:
    """What words may be about from now on; kept: what they are about already, though it may be withdrawn."""
    mine = OwnTopic.objects.filter(organization=organization_id)
    return {topic: str(label) for topic, label in TOPICS} | _named(mine.current() | mine.filter(slug=kept))


def _named(topics: OwnTopicQuerySet) -> dict[str, str]:
    return {topic.slug: _("%(topic)s (withdrawn)") % {"topic": topic} if topic.withdrawn_at else str(topic) for topic in topics}
