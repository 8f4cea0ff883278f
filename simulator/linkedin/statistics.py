"""Figures of an organization's posts, of the last twelve months. What people did is counted; how many saw it is invented: so many
for each thing done."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpResponse

from simulator.linkedin.rest import Call, RestError, rest_call
from simulator.linkedin.urns import find_post
from simulator.models import Comment, Page, Post, Resource
from simulator.wire import Json, milliseconds

KEPT = timedelta(days=365)
SEEN = 40  # impressions for each thing that somebody did
INTERVALS = re.compile(r"\(timeRange:\(start:(\d+)(?:,end:(\d+))?\),timeGranularityType:(\w+)\)")
STEPS = ("DAY", "MONTH")
LISTED = {"shares": "share", "ugcPosts": "ugcPost"}  # how posts are asked for → how each is named in the answer


@dataclass(frozen=True, slots=True)
class Span:
    start: int  # ms
    end: int  # ms, no more in it

    def holds(self, at: int) -> bool:
        return self.start <= at < self.end


@rest_call
def shares(call: Call) -> HttpResponse:
    call.needs("admin")
    if call.required("q") != "organizationalEntity":
        raise RestError(400, "ILLEGAL_ARGUMENT", "q must be organizationalEntity")
    page = call.organization(call.required("organizationalEntity"), ("ADMINISTRATOR",))
    year = Span(milliseconds(call.moment - KEPT), milliseconds(call.moment) + 1)
    spans = list(_spans(call, year))
    rows = [
        _element(page, posts, span, year) | named | _dated(call, span) for named, posts in _groups(call, page) for span in spans
    ]
    return call.paged(rows)


def _groups(call: Call, page: Page) -> Iterator[tuple[Json, list[Post]]]:
    """Each of the posts that were asked for, where it is this organization's; all of its posts together, where none was."""
    wanted = [(name, urn) for parameter, name in LISTED.items() for urn in call.listed(parameter)]
    if not wanted:
        yield {}, list(page.posts.filter(author=None, removed_at=None))
    for name, urn in wanted:
        if not urn.startswith(f"urn:li:{name}:"):
            raise RestError(400, "INVALID_URN_TYPE", f"{urn} is not the URN of a {name}")
        found = find_post(urn)
        if found and found.page_id == page.pk and found.author_id is None:
            yield {name: urn}, [found]


# --- when ----------------------------------------------------------------------------------------


def _spans(call: Call, year: Span) -> Iterator[Span]:
    given = call.request.GET.get("timeIntervals", "")
    if not given:
        yield year
        return
    match = INTERVALS.fullmatch(given)
    if match is None or match[3] not in STEPS:
        raise RestError(400, "ILLEGAL_ARGUMENT", "timeIntervals must be (timeRange:(start:…,end:…),timeGranularityType:DAY)")
    start, end = max(int(match[1]), year.start), min(int(match[2] or year.end), year.end)
    while start < end:
        following = min(_following(start, match[3]), end)
        yield Span(start, following)
        start = following


def _following(moment: int, step: str) -> int:
    """The next midnight, or the next first of a month, of UTC."""
    day = datetime.fromtimestamp(moment / 1000, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return milliseconds(day + timedelta(days=1) if step == "DAY" else (day.replace(day=1) + timedelta(days=32)).replace(day=1))


def _dated(call: Call, span: Span) -> Json:
    return {"timeRange": {"start": span.start, "end": span.end}} if "timeIntervals" in call.request.GET else {}


# --- how many ------------------------------------------------------------------------------------


def _element(page: Page, posts: list[Post], span: Span, year: Span) -> Json:
    done = Counter(what for what, at in _happenings(posts) if span.holds(at) and year.holds(at))
    acts = done["like"] + done["comment"] + done["share"]
    seen = SEEN * (acts + done["post"])
    return {
        "organizationalEntity": page.external_id,
        "totalShareStatistics": {
            "impressionCount": seen,
            "uniqueImpressionsCount": seen // 2,
            "clickCount": 0,
            "likeCount": done["like"],
            "commentCount": done["comment"],
            "shareCount": done["share"],
            "engagement": acts / seen if seen else 0.0,
        },
    }


def _happenings(posts: Iterable[Post]) -> Iterator[tuple[str, int]]:
    """What was done with these posts, and when. A like of a comment is none of the post."""
    known = {post.external_id: post for post in posts}
    for post in known.values():
        yield "post", milliseconds(post.created_at)
    for at in Comment.objects.filter(post__in=known.values(), removed_at=None).values_list("created_at", flat=True):
        yield "comment", milliseconds(at)
    told = Resource.objects.filter(platform="linkedin", kind="notification", data__sourcePost__in=list(known))
    for data in told.filter(data__action__in=["LIKE", "SHARE"]).values_list("data", flat=True):
        if data["action"] == "SHARE" or data["generatedActivity"].endswith(f",{data['sourcePost']})"):
            yield data["action"].lower(), data["lastModifiedAt"]
