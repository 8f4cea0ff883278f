"""What the platforms know: pages, posts, people, what they wrote, what is on its way, and which faults are on."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q


class Platform(models.TextChoices):
    FACEBOOK = "facebook", "Facebook"
    INSTAGRAM = "instagram", "Instagram"
    LINKEDIN = "linkedin", "LinkedIn"


class Source(models.TextChoices):
    CUSTOMER = "customer", "client"
    API = "api", "par l’API"
    NATIVE = "native", "dans l’application de la plateforme"


class Page(models.Model):
    """A page, an account or an organization: whatever a platform lets a business own."""

    platform = models.CharField(max_length=20, choices=Platform)
    external_id = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    username = models.CharField(max_length=100, blank=True)
    token = models.CharField(max_length=500, unique=True)

    class Meta:
        ordering = ["platform", "pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_platform_display()})"


class Person(models.Model):
    page = models.ForeignKey(Page, models.CASCADE, related_name="people")
    external_id = models.CharField(max_length=100)
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint("page", "external_id", name="person_once_a_page")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    page = models.ForeignKey(Page, models.CASCADE, related_name="posts")
    external_id = models.CharField(max_length=100, unique=True)
    share_id = models.CharField(max_length=100, blank=True)  # LinkedIn names a post twice
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Comment(models.Model):
    """A comment under a post. Two levels: `parent` is always a root. Neither author nor by_page: the author is withheld."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", models.CASCADE, related_name="replies", null=True)
    external_id = models.CharField(max_length=100, unique=True)
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
    attachment = models.JSONField(null=True)  # {"type", "url"}
    reply_to = models.CharField(max_length=100, blank=True)
    metadata = models.CharField(max_length=1000, blank=True)
    tag = models.CharField(max_length=40, blank=True)
    comment = models.ForeignKey(Comment, models.SET_NULL, null=True)  # the comment it answers in private
    reaction = models.CharField(max_length=20, blank=True)
    edits = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def thread_id(self) -> str:
        return f"t_{self.person.external_id}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def open(self) -> "DeliveryQuerySet":
        return self.filter(delivered_at=None, dropped_at=None)

    def under_way(self) -> "DeliveryQuerySet":
        return self.open().filter(held=False)

    def due(self, now: datetime) -> "DeliveryQuerySet":
        return self.under_way().filter(next_at__lte=now).order_by("next_at", "pk")


class Delivery(models.Model):
    """One POST to a receiver: `items` until it is first sent, the very same bytes at every attempt."""

    page = models.ForeignKey(Page, models.SET_NULL, null=True)
    endpoint = models.CharField(max_length=20)  # meta, linkedin
    object = models.CharField(max_length=60)  # page, instagram, or the type of a LinkedIn batch
    items = models.JSONField(default=list)
    raw = models.TextField(blank=True)  # a body given word for word
    signature = models.CharField(max_length=20, blank=True)  # "", or a wrong way to sign: none, bad, sha1, bare
    what = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    held = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)
    last_status = models.PositiveIntegerField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    delivered_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index("next_at", name="delivery_due", condition=Q(delivered_at=None, dropped_at=None))]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.what}"


class FaultQuerySet(models.QuerySet["Fault"]):
    def matching(self, page: Page) -> "FaultQuerySet":
        return self.filter(Q(platform="") | Q(platform=page.platform), Q(page=None) | Q(page=page)).exclude(remaining=0)

    def take(self, fault: "Fault") -> bool:
        """Use it once; False where another request took the last one."""
        if fault.remaining is None:
            return True
        return bool(self.filter(pk=fault.pk, remaining__gt=0).update(remaining=F("remaining") - 1))


class Fault(models.Model):
    class Kind(models.TextChoices):
        SLOW = "slow", "lent (ms)"
        REFUSE_429 = "refuse_429", "refuse : trop d’appels"
        REFUSE = "refuse", "refuse avec ce code (code/sous-code)"
        WINDOW_CLOSED = "window_closed", "fenêtre de messagerie fermée"
        TOKEN_DEAD = "token_dead", "jeton révoqué"
        DROP_CONNECTION = "drop_connection", "coupe la connexion sans rien accepter"
        ERROR_AFTER_ACCEPT = "error_after_accept", "accepte, puis répond 500"
        DROP_AFTER_ACCEPT = "drop_after_accept", "accepte, puis coupe la connexion"
        NO_ID = "no_id", "accepte, sans donner d’identifiant"
        NO_ECHO = "no_echo", "n’envoie pas d’écho"
        DUPLICATE = "duplicate", "envoie les webhooks en double"
        REORDER = "reorder", "envoie les webhooks dans le désordre"
        HOLD = "hold", "retient les webhooks"

    kind = models.CharField(max_length=20, choices=Kind)
    platform = models.CharField(max_length=20, choices=Platform, blank=True)
    page = models.ForeignKey(Page, models.CASCADE, null=True)
    value = models.CharField(max_length=40, blank=True)
    remaining = models.PositiveIntegerField(null=True)  # None: until it is cleared

    objects = FaultQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.get_kind_display()


class Option(models.Model):
    """What can be changed while it runs; absent means the setting of the process."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.JSONField()

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class Handshake(models.Model):
    """The last time a receiver was asked to prove itself."""

    endpoint = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()
    passed = models.BooleanField()
    detail = models.CharField(max_length=300)

    def __str__(self) -> str:
        return f"{self.endpoint}: {self.detail}"
