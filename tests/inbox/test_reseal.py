"""`manage.py reseal`: a new first key of TOKEN_KEYS, and afterwards the old one may go."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import CommandError, call_command

from inbox.models import Channel, KeptWords
from inbox.models.channels import TokenUnreadable
from inbox.models.safety.kept import Content, Said, WordsUnreadable
from tests.factories import NOON, make_channel, make_member, make_waiting

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def channel():
    channel = make_channel(token="a-token")
    channel.refresh_token = "to-refresh"
    channel.save()
    return channel


@pytest.fixture
def user(channel):
    user = make_member(channel.organization).user
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def codes(user):
    return RecoveryCodes(Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)).get_unused_codes()


def test_afterwards_the_old_key_is_not_needed(channel, user, settings, capsys):
    old, new, before = settings.TOKEN_KEYS[0], Fernet.generate_key().decode(), codes(user)
    settings.TOKEN_KEYS = [new, old]

    call_command("reseal")

    assert "1 pages and 2 second steps" in capsys.readouterr().out
    settings.TOKEN_KEYS = [new]
    kept = Channel.objects.get(pk=channel.pk)
    assert (kept.token, kept.refresh_token) == ("a-token", "to-refresh")
    totp = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    assert Fernet(new).decrypt(totp.data["secret"].encode()).decode() == SECRET
    assert codes(user) == before


def test_without_it_the_old_key_is_needed(channel, user, settings):
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(TokenUnreadable):
        _ = Channel.objects.get(pk=channel.pk).token
    with pytest.raises(InvalidToken):
        codes(user)


def test_what_no_key_opens_is_named_and_left_and_the_rest_is_sealed(channel, user, settings):
    lost = make_channel(token="lost", name="Page perdue")
    Channel.objects.filter(pk=lost.pk).update(sealed_token=Fernet(Fernet.generate_key()).encrypt(b"lost"))
    before = bytes(Channel.objects.get(pk=lost.pk).sealed_token)
    new = Fernet.generate_key().decode()
    settings.TOKEN_KEYS = [new, *settings.TOKEN_KEYS]

    with pytest.raises(CommandError, match="Page perdue"):
        call_command("reseal")

    assert bytes(Channel.objects.get(pk=lost.pk).sealed_token) == before
    settings.TOKEN_KEYS = [new]
    assert Channel.objects.get(pk=channel.pk).token == "a-token"


def make_kept(channel):
    said = Content([Said("J’ai des plaques", NOON)], "Julie Exemple")
    row = KeptWords.of(make_waiting(channel).messages.get(), said, why="author", erased_at=NOON)
    row.save()
    return row


def test_words_that_are_kept_are_sealed_again_as_well(channel, settings, capsys):
    row, new = make_kept(channel), Fernet.generate_key().decode()
    settings.TOKEN_KEYS = [new, *settings.TOKEN_KEYS]

    call_command("reseal")

    assert "1 kept words" in capsys.readouterr().out
    settings.TOKEN_KEYS = [new]
    assert KeptWords.objects.get(pk=row.pk).content == Content([Said("J’ai des plaques", NOON)], "Julie Exemple")


def test_kept_words_that_no_key_opens_are_named_by_their_message(channel, settings):
    row = make_kept(channel)
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]
    Channel.objects.update(sealed_token=b"")

    with pytest.raises(CommandError, match=f"message {row.message_id}"):
        call_command("reseal")
    with pytest.raises(WordsUnreadable):
        _ = KeptWords.objects.get(pk=row.pk).content
