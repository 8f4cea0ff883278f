import re

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry, Membership, Organization, User

pytestmark = pytest.mark.django_db


def found(capsys, **options):
    given = {"organization": "Pharmacie Exemple", "location": "Rue Principale", "email": "Ada@example.com", "name": "Ada Exemple"}
    call_command("found", **(given | options))
    return capsys.readouterr().out


def test_an_organization_is_founded_with_a_place_a_target_and_an_administrator(capsys):
    found(capsys)

    organization = Organization.objects.get()
    assert (organization.slug, organization.locations.get().slug) == ("pharmacie-exemple", "rue-principale")
    assert organization.policies.get().target_seconds == 24 * 3600
    assert (Membership.objects.get().role, User.objects.get().email) == ("admin", "ada@example.com")
    assert AuditEntry.objects.filter(action="organization.founded").exists()


def test_the_administrator_chooses_a_password_by_the_link_and_signs_in(capsys, client):
    path = re.search(r"http://[^/]+(/\S+)", found(capsys))[1]

    form = client.get(path, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "a-long-and-rare-phrase", "password2": "a-long-and-rare-phrase"})
    client.post("/accounts/login/", {"login": "ada@example.com", "password": "a-long-and-rare-phrase"})

    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("wrong", [{"email": "nowhere"}, {"organization": "!!!"}, {"location": "…"}])
def test_bad_input_founds_nothing(capsys, wrong):
    with pytest.raises(CommandError):
        found(capsys, **wrong)
    assert not Organization.objects.exists()


def test_the_same_organization_is_not_founded_twice(capsys):
    found(capsys)
    with pytest.raises(CommandError):
        found(capsys, email="eve@example.com")
    assert Organization.objects.count() == 1
