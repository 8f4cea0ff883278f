"""One organization with one Facebook page and one member signed in; used by the benches that look at the inbox."""

import json
import subprocess
import sys
from typing import Any

from tests.bench.load import PAGE
from tests.bench.stage import ROOT

_SCRIPT = f"""
import json
from datetime import timedelta
from importlib import import_module
import django
django.setup()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from accounts.access import Role
from accounts.models import Location, Membership, Organization, User
from inbox import channels, live
from inbox.waits import policies
now = timezone.now()
organization = Organization.objects.create(name="Bench", slug="bench")
policies.create(organization, now=now)
place = Location.objects.create(organization=organization, name="Bench", short_name="Bench", slug="bench")
user = User.objects.create_user(email="bench@example.com", name="Bench", language="en")
member = Membership.objects.create(user=user, organization=organization, role=Role.PHARMACIST, all_locations=True)
long_ago = now - timedelta(days=40)
channel = channels.connect(place, "facebook", external_id="{PAGE}", name="Bench", token="none", by=None, now=long_ago)
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session.save()
print(json.dumps({{"session": session.session_key, "stream": live.stream_url(member), "organization": organization.pk,
    "location": place.pk, "channel": channel.pk, "user": user.pk, "policy": organization.policies.get().pk}}))
"""


def settle_in(environment: dict[str, str]) -> dict[str, Any]:
    made = subprocess.run([sys.executable, "-c", _SCRIPT], cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    return json.loads(made.stdout.splitlines()[-1])
