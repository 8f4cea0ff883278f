"""What happens on a site beside writing: somebody there moderates, or tries the webhook out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from simulator.admin import shown
from simulator.admin.asked import Answer, asked, at_of, page_of
from simulator.models import Comment
from simulator.webhooks import deliveries
from simulator.wire import Json
from simulator.wordpress.state import STATUSES, set_status, status

WITH_PAGE = ("post__page", "author", "parent")


@asked
def change_status(given: Json) -> Answer:
    """approved, hold, spam or trash, decided in the site's own pages."""
    if given["status"] not in STATUSES:
        raise ValueError(f"no such status: {given['status']}; there are {', '.join(STATUSES)}")
    comment = Comment.objects.select_related(*WITH_PAGE).get(external_id=given["comment"])
    set_status(comment, given["status"], at_of(given))
    return shown.comment(comment) | {"status": status(comment)}


@asked
def connect(given: Json) -> Answer:
    """The address and the secret that the site was given; lacks: events that it does not understand."""
    page = page_of(given)
    page.extra |= {name: given[name] for name in ("hook", "secret", "lacks", "plugin", "holds") if name in given}
    page.save(update_fields=["extra"])
    return page.extra


@asked
def ping(given: Json) -> Answer:
    page = page_of(given)
    deliveries.emit(page, {"event": "ping", "site": page.external_id}, "essai")
    return {}


@require_POST
def moderate(request: HttpRequest, pk: int, wanted: str) -> HttpResponse:
    sites = Comment.objects.select_related(*WITH_PAGE).filter(post__page__platform__in=("website", "wordpress"))
    comment = get_object_or_404(sites, pk=pk)
    if wanted in STATUSES:
        set_status(comment, wanted)
    return redirect("page", comment.page.pk)
