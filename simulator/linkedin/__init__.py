"""LinkedIn organization pages: what is told of them, and the /rest calls. LinkedIn has no messages for pages."""

from django.urls import path, re_path

from simulator.linkedin import acts, comments, events, oauth, reactions, reads, statistics, subscriptions
from simulator.linkedin.members import TYPE
from simulator.platforms import Platform, number
from simulator.signing import stable_number

PLATFORM = Platform(
    slug="linkedin",
    label="LinkedIn",
    endpoint=subscriptions.ENDPOINT,
    object=TYPE,
    person_id=lambda page, name: "urn:li:person:" + stable_number("linkedin", name, digits=10),
    post_ids=lambda page: ("urn:li:activity:" + number(19, "74"), "urn:li:share:" + number(19, "74")),
    comment_id=lambda post: number(19, "74"),
    comment_event=events.comment_event,
    reaction_event=events.reaction_event,
    post_event=events.post_event,
    urls=[
        path("rest/socialActions/<str:urn>/comments", comments.collection),
        path("rest/socialActions/<str:urn>/comments/<str:pk>", comments.single),
        path("rest/socialMetadata/<str:urn>", reads.metadata),
        path("rest/reactions", reactions.create),
        re_path(r"^rest/reactions/\((?P<key>.+)\)$", reactions.single),
        re_path(r"^rest/eventSubscriptions/\((?P<key>.+)\)$", subscriptions.single),
        path("rest/eventSubscriptions", subscriptions.collection),
        path("rest/organizationalEntityNotifications", reads.notifications),
        path("rest/organizationalEntityShareStatistics", statistics.shares),
        path("rest/organizationAcls", reads.acls),
        path("rest/organizations/<str:pk>", reads.organization),
        path("rest/people/(id:<str:pk>)", reads.person),
        path("rest/me", reads.me),
        path("rest/posts", reads.posts),
        path("rest/posts/<str:urn>", reads.post),
        path("v2/developerWebhooks", subscriptions.revalidate),
        path("oauth/v2/authorization", oauth.authorize),
        path("oauth/v2/accessToken", oauth.access_token),
        path("oauth/v2/introspectToken", oauth.introspect),
        path("_sim/linkedin/like", acts.like),
        path("_sim/linkedin/share", acts.share),
        path("_sim/linkedin/role", acts.role),
        path("_sim/linkedin/revoke", acts.revoke),
        path("_sim/linkedin/token", acts.token),
        path("_sim/linkedin/person", acts.person),
        path("pages/<int:pk>/linkedin/", acts.write, name="linkedin-write"),
    ],
    panels=("simulator/linkedin.html",),
    options={
        "linkedin_signature": "documented",  # or "bare"
        "linkedin_nesting": True,  # whether a notification tells which comment a reply answers: no document says
        "linkedin_versions": [202510, 202611],  # the oldest and the newest that are active
        "linkedin_subscription_days": 60,
        "linkedin_http_allowed": True,  # LinkedIn takes https alone; a receiver under work has none
        "linkedin_refresh": True,  # refresh tokens, which approved partners alone are given
    },
)
