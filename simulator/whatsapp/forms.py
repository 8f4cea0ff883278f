"""What a person sends on WhatsApp beside words."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from simulator import acts
from simulator.models import Page
from simulator.wire import Json

ATTACHED: dict[str, Json] = {"image": {"type": "image"}, "voice": {"type": "audio", "voice": True}, "document": {"type": "file"}}
WHOLE: dict[str, Json] = {
    "location": {
        "type": "location",
        "location": {"latitude": 45.5, "longitude": -73.56, "name": "Parc du Quai", "address": "1, rue Imaginaire"},
    },
    "contacts": {
        "type": "contacts",
        "contacts": [
            {
                "name": {"formatted_name": "Ghislaine Fictive", "first_name": "Ghislaine"},
                "phones": [{"phone": "+1 514-555-0142", "wa_id": "15145550142", "type": "CELL"}],
            }
        ],
    },
    "unsupported": {"type": "unsupported"},
}


@require_POST
@transaction.atomic
def write(request: HttpRequest, pk: int) -> HttpResponse:
    page = get_object_or_404(Page, pk=pk, platform="whatsapp")
    author, kind = request.POST.get("author", "").strip(), request.POST.get("kind", "")
    if not author or kind not in (*ATTACHED, *WHOLE):
        return redirect("page", pk)
    person = acts.person_of(page, author)
    if request.POST.get("withheld"):
        person.extra |= {"withheld": True, "username": "@" + author.lower().replace(" ", ".")}
        person.save(update_fields=["extra"])
    attachments = [ATTACHED[kind]] if kind in ATTACHED else []
    acts.write_message(page, person, text=request.POST.get("text", "").strip(), attachments=attachments, extra=WHOLE.get(kind))
    return redirect("messages", person.pk)
