from responses.models.breaches import MissReview
from responses.models.replies import Reply, ReplyDraft
from responses.models.templates import Template, TemplateVersion

__all__ = ["MissReview", "Reply", "ReplyDraft", "Template", "TemplateVersion"]
