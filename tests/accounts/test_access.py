from pathlib import Path

import pytest

from accounts import access_table
from accounts.access import Permission, Role, permissions_of

# Written by hand, from what each role is for; not derived from the code.
#                     staff pharm manag compl priva audit admin
EXPECTED = {
    "inbox.view":       "x     x     x     x     x     x     x",
    "inbox.identifiers":".     x     x     x     x     .     .",
    "inbox.hand_on":    "x     x     x     x     x     .     .",
    "inbox.work":       "x     x     x     .     .     .     .",
    "inbox.exclude":    ".     x     x     .     .     .     .",
    "findings.safety":  ".     x     .     x     .     .     .",
    "findings.privacy": ".     x     x     x     x     .     .",
    "findings.routes":  "x     x     x     x     x     .     .",
    "findings.review":  ".     .     x     x     x     x     .",
    "reply.template":   "x     x     x     .     .     .     .",
    "reply.free":       ".     x     .     .     .     .     .",
    "reply.advise":     ".     x     .     .     .     .     .",
    "privacy.handle":   ".     .     .     .     x     .     .",
    "advertising.handle": ".     .     .     x     .     .     .",
    "reply.reserved":   ".     .     x     .     .     .     .",
    "crisis.take":      ".     x     x     .     .     .     .",
    "duty.set":         ".     x     x     .     .     .     x",
    "templates.view":   "x     x     x     x     x     x     x",
    "templates.draft":  "x     x     x     x     .     .     .",
    "templates.decide": ".     .     .     x     .     .     .",
    "topics.manage":    ".     .     .     x     .     .     x",
    "misses.view":      ".     .     x     x     .     x     .",
    "misses.review":    ".     .     x     .     .     .     .",
    "reports.view":     ".     .     x     x     .     x     x",
    "channels.view":    ".     .     x     .     .     .     x",
    "channels.manage":  ".     .     .     .     .     .     x",
    "team.manage":      ".     .     .     .     .     .     x",
    "audit.view":       ".     .     .     x     x     x     x",
}  # fmt: skip
ROLES = ["staff", "pharmacist", "manager", "compliance", "privacy", "auditor", "admin"]
CELLS = [
    (permission, role, mark == "x")
    for permission, marks in EXPECTED.items()
    for role, mark in zip(ROLES, marks.split(), strict=True)
]


@pytest.mark.parametrize(("permission", "role", "allowed"), CELLS)
def test_each_role_may_do_what_the_table_says(permission, role, allowed):
    assert (Permission(permission) in permissions_of(Role(role))) is allowed


def test_the_expected_table_has_every_role_and_permission():
    assert list(EXPECTED) == [permission.value for permission in Permission]
    assert [role.value for role in Role] == ROLES


def test_the_page_of_the_docs_shows_the_table_as_it_is():
    assert access_table.markdown() in Path("docs/access.md").read_text()
