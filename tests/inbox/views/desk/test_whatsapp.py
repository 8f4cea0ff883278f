"""What a person who wrote on WhatsApp looks like on the screen."""

import pytest

from accounts.access import Role
from tests.factories import make_channel, make_contact, make_conversation, make_member, make_message

pytestmark = pytest.mark.django_db


def test_the_number_of_who_wrote_can_be_called_and_what_they_sent_has_a_name(sign_in, place):
    channel = make_channel(place, platform="whatsapp")
    contact = make_contact(channel, external_id="CA.1", name="Julie Exemple", phone="14185550123")
    conversation = make_conversation(channel, "message", contact=contact)
    make_message(
        conversation, external_id="wamid.1", attachments=[{"type": "forwarded"}, {"type": "order", "title": "2 × VIT-C"}]
    )

    client = sign_in(make_member(place.organization, Role.PHARMACIST))
    client.post(f"/inbox/{conversation.pk}/person/unmask/")
    page = client.get(f"/inbox/{conversation.pk}/").text

    assert 'href="tel:+14185550123"' in page
    assert "Forwarded by them, not written" in page
    assert "2 × VIT-C" in page


def test_who_has_no_name_is_known_by_a_masked_number(sign_in, ana, place):
    channel = make_channel(place, platform="whatsapp")
    contact = make_contact(channel, external_id="14185550123", name="", phone="14185550123")
    conversation = make_conversation(channel, "message", contact=contact)
    make_message(conversation, external_id="wamid.1")

    page = sign_in(ana).get(f"/inbox/{conversation.pk}/").text
    assert "418 •••-••••" in page
    assert "14185550123" not in page
