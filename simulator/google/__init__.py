"""Google Business Profile: reviews that are told thinly and fetched, and answers that Google reads first."""

from django.urls import path

from simulator.google import accounts, acts, oauth, push, reviews
from simulator.platforms import Platform, number
from simulator.signing import stable_number

REVIEW = "v4/accounts/<str:account>/locations/<str:location>/reviews"

PLATFORM = Platform(
    slug="google",
    label="Google",
    endpoint=push.ENDPOINT,
    object="pubsub",
    person_id=lambda page, name: stable_number("google", name, digits=21),
    review_id=lambda page: f"{page.external_id}/reviews/{number(19)}",
    review_event=push.review_event,
    wants=accounts.wants,
    urls=[
        path(REVIEW, reviews.listed),
        path(f"{REVIEW}/<str:review>", reviews.single),
        path(f"{REVIEW}/<str:review>/reply", reviews.reply),
        path("v1/accounts", accounts.accounts),
        path("v1/accounts/<str:account>/locations", accounts.locations),
        path("v1/accounts/<str:account>/notificationSetting", accounts.notification_setting),
        path("oauth2/v3/certs", push.certs),
        path("o/oauth2/v2/auth", oauth.authorize),
        path("token", oauth.token),
        path("revoke", oauth.revoke),
        path("_sim/google/keys", acts.rotate),
        path("_sim/google/overwrite", acts.overwrite),
        path("_sim/google/judge", acts.judge),
        path("pages/<int:pk>/review/", acts.write, name="google-write"),
        path("reviews/<int:pk>/<str:verb>/", acts.change, name="google-change"),
    ],
    panels=("simulator/google.html",),
    options={
        "google_moderation": "approve",  # what it decides of an answer: approve, reject, hold, or "none": it does not read them
        "google_moderation_seconds": 30,
        "google_short_names": False,  # whether people are called Julie E. instead of by their whole name
        "google_keys": "camel",  # reviewName, or "snake": review_name
        "google_reply_tells": False,  # whether our own answer is told as an updated review
        "google_topic": "projects/comptoir/topics/avis",
        "google_subscription": "projects/comptoir/subscriptions/avis",
        "google_audience": "",  # empty: the address that is called
        "google_push_email": "push@comptoir.iam.gserviceaccount.com",
    },
    faults={"google_token": "Google : jeton OIDC faux (bad, key, audience, issuer, expired, unverified, email, none)"},
)
