"""What was written: posts, comments, private messages, reviews."""

from django.db import models

from simulator.models.pages import Page, Person


class Source(models.TextChoices):
    CUSTOMER = "customer", "client"
    API = "api", "par l’API"
    NATIVE = "native", "dans l’application de la plateforme"


class Post(models.Model):
    """What people comment under. With an author it is not the page's own: a visitor's, or one that mentions the page."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="posts")
    author = models.ForeignKey(Person, models.CASCADE, null=True)
    kind = models.CharField(max_length=20, blank=True)  # "": the page's own; visitor, mention, rating, ad, live, story, …
    external_id = models.CharField(max_length=100, unique=True)
    share_id = models.CharField(max_length=100, blank=True)  # LinkedIn names a post twice
    text = models.TextField(blank=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    extra = models.JSONField(default=dict)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Comment(models.Model):
    """A comment under a post. Two levels: `parent` is always a root. Neither author nor by_page: the author is withheld."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", models.CASCADE, related_name="replies", null=True)
    external_id = models.CharField(max_length=100, unique=True)
    short_id = models.CharField(max_length=100, db_index=True, editable=False)  # without what stands before its last "_"
    author = models.ForeignKey(Person, models.CASCADE, null=True)
    by_page = models.BooleanField(default=False)
    source = models.CharField(max_length=10, choices=Source, default=Source.CUSTOMER)
    text = models.TextField(blank=True)
    photo = models.URLField(blank=True)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    likes = models.PositiveIntegerField(default=0)
    privately_replied_at = models.DateTimeField(null=True)
    extra = models.JSONField(default=dict)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def page(self) -> Page:
        return self.post.page

    @property
    def root(self) -> "Comment":
        return self.parent or self

    def visible_replies(self) -> models.QuerySet["Comment"]:
        return self.replies.filter(removed_at=None).select_related("author", "post__page")


class Message(models.Model):
    page = models.ForeignKey(Page, models.CASCADE, related_name="messages")
    person = models.ForeignKey(Person, models.CASCADE, related_name="messages")
    external_id = models.CharField(max_length=100, unique=True)
    by_page = models.BooleanField(default=False)
    source = models.CharField(max_length=10, choices=Source, default=Source.CUSTOMER)
    text = models.TextField(blank=True)
    attachments = models.JSONField(default=list)  # [{"type", "url", …}]
    reply_to = models.CharField(max_length=100, blank=True)
    metadata = models.CharField(max_length=1000, blank=True)
    tag = models.CharField(max_length=40, blank=True)
    comment = models.ForeignKey(Comment, models.SET_NULL, null=True)  # the comment it answers in private
    reaction = models.CharField(max_length=20, blank=True)
    edits = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)  # by the person, where the page wrote it
    extra = models.JSONField(default=dict)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Review(models.Model):
    """A rating or a recommendation, and the one answer it may have."""

    class ReplyState(models.TextChoices):
        NONE = "", "aucune"
        PENDING = "pending", "en examen"
        APPROVED = "approved", "publiée"
        REJECTED = "rejected", "refusée"

    page = models.ForeignKey(Page, models.CASCADE, related_name="reviews")
    external_id = models.CharField(max_length=200, unique=True)
    author = models.ForeignKey(Person, models.CASCADE, null=True)
    stars = models.PositiveIntegerField(null=True)
    recommends = models.BooleanField(null=True)
    text = models.TextField(blank=True)
    post = models.ForeignKey(Post, models.SET_NULL, null=True)  # where a review can be commented as a post
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    reply = models.TextField(blank=True)
    reply_source = models.CharField(max_length=10, choices=Source, blank=True)
    replied_at = models.DateTimeField(null=True)
    reply_state = models.CharField(max_length=10, choices=ReplyState, blank=True)
    extra = models.JSONField(default=dict)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]
