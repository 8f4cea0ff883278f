"""What happens at Google beside reviews, for tests and for the page: `client.ask("POST", "google/…", {…})`."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from simulator import acts
from simulator.admin.asked import Answer, asked, page_of
from simulator.google import accounts, push
from simulator.google.rest import account_of
from simulator.models import Page, Review
from simulator.wire import Json

FOREIGN = {"pubsubTopic": "projects/autre-outil/topics/avis", "notificationTypes": ["NEW_REVIEW"], "foreign": True}
VERDICTS = (Review.ReplyState.APPROVED, Review.ReplyState.REJECTED)


@asked
def rotate(given: Json) -> Answer:
    """A new key signs from now on; with `forget`, the older ones are no longer known."""
    return {"kid": push.rotate(forget=bool(given.get("forget"))).key}


@asked
def overwrite(given: Json) -> Answer:
    """Another tool writes the account's one setting: nothing is told to ours any more."""
    accounts.keep_setting(account_of(page_of(given)), FOREIGN)
    return FOREIGN


@asked
def judge(given: Json) -> Answer:
    """Google's verdict on our answer to a review, now."""
    if given["state"] not in VERDICTS:
        raise ValueError(f"no such verdict: {given['state']}; there are {', '.join(VERDICTS)}")
    found = Review.objects.filter(external_id=given["review"]).exclude(reply="")
    return {"judged": found.update(reply_state=given["state"])}


# --- the page ------------------------------------------------------------------------------------


def _back(review: Review) -> HttpResponse:
    return redirect("page", review.page_id)


@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    page = get_object_or_404(Page, pk=pk, platform="google")
    given = request.POST
    if given.get("stars") in {"1", "2", "3", "4", "5"}:
        author, text = given.get("author", "").strip() or None, given.get("text", "").strip()
        acts.write_review(page, author=author, text=text, stars=int(given["stars"]))
    return redirect("page", pk)


@require_POST
def change(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    review = get_object_or_404(Review.objects.select_related("page"), pk=pk, page__platform="google")
    match verb:
        case "edit" if request.POST.get("stars") in {"1", "2", "3", "4", "5"}:
            acts.edit_review(review, text=request.POST.get("text", "").strip(), stars=int(request.POST["stars"]))
        case "remove":
            acts.remove_review(review)
        case "approved" | "rejected" if review.reply:
            Review.objects.filter(pk=pk).update(reply_state=verb)
    return _back(review)
