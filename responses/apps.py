from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResponsesConfig(AppConfig):
    name = "responses"
    verbose_name = _("Replies")

    def ready(self) -> None:
        from inbox.keeping import unnamed
        from responses.forgotten import Replies

        unnamed.KEEPERS.append(Replies())
