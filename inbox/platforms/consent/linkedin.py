"""LinkedIn's consent: the organizations of which a member is an administrator."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from inbox.platforms import http, wire
from inbox.platforms.base import Connection, Reason, SendRefused, Variable
from inbox.platforms.consent.base import Candidate, Consent, address, first
from inbox.platforms.linkedin import calls


class LinkedInLogin(Consent):
    slug = "linkedin"
    label = "LinkedIn"
    gives = _("the LinkedIn pages of which you are an administrator")
    # The present names of the scopes; the documents hold two sets, so an installation may name others.
    variables = (
        Variable("LINKEDIN_SCOPES", "secrets", default="rw_organization_admin,r_organization_social,w_organization_social"),
    )

    def offered(self, variables: Mapping[str, Any]) -> bool:
        return bool(variables["LINKEDIN_CLIENT_ID"] and first(variables, "LINKEDIN_CLIENT_SECRET"))

    def dialog(self, variables: Mapping[str, Any], *, redirect_uri: str, state: str) -> str:
        return address(
            f"{variables['LINKEDIN_LOGIN_URL']}/oauth/v2/authorization",
            response_type="code",
            client_id=variables["LINKEDIN_CLIENT_ID"],
            redirect_uri=redirect_uri,
            state=state,
            scope=" ".join(variables["LINKEDIN_SCOPES"]),
        )

    def candidates(self, variables: Mapping[str, Any], code: str, *, redirect_uri: str) -> Sequence[Candidate]:
        granted = _exchange(variables, code, redirect_uri)
        token = wire.required(granted.data.get("access_token"), "token", 2000)
        connection = Connection("", token, variables["LINKEDIN_API_URL"], variables["LINKEDIN_VERSION"])
        member = wire.required(calls.read(connection, "me").get("id"), "member")
        seconds = wire.number(granted.data.get("expires_in"))
        found = []
        for acl in calls.pages(connection, "organizationAcls", q="roleAssignee", role="ADMINISTRATOR", state="APPROVED"):
            organization = wire.identifier(acl.get("organization"))
            if organization:
                found.append(
                    Candidate(
                        "linkedin",
                        organization,
                        _name(organization, connection),
                        token,
                        granted.at + timedelta(seconds=seconds) if seconds else None,
                        f"urn:li:person:{member.removeprefix('urn:li:person:')}",
                        refresh_token=wire.identifier(granted.data.get("refresh_token"), 2000),
                    )
                )
        return found


def _exchange(variables: Mapping[str, Any], code: str, redirect_uri: str) -> http.Answer:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "client_id": variables["LINKEDIN_CLIENT_ID"],
        "client_secret": first(variables, "LINKEDIN_CLIENT_SECRET"),
    }
    answer = http.post(f"{variables['LINKEDIN_LOGIN_URL']}/oauth/v2/accessToken", token=http.NOBODY, form=form)
    if not answer.ok:
        told = wire.text(answer.data.get("error_description")) or wire.text(answer.data.get("error"))
        raise SendRefused(Reason.TOKEN_DEAD, told[:300] or f"HTTP {answer.status}")
    return answer


def _name(organization: str, connection: Connection) -> str:
    number = organization.rpartition(":")[2]
    return wire.text(calls.read(connection, f"organizations/{number}").get("localizedName"))
