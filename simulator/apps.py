from django.apps import AppConfig


class SimulatorConfig(AppConfig):
    name = "simulator"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from simulator import google, linkedin, platforms, whatsapp, wordpress
        from simulator.meta import declared

        # One line a platform.
        platforms.register(
            declared.FACEBOOK,
            declared.INSTAGRAM,
            linkedin.PLATFORM,
            whatsapp.PLATFORM,
            google.PLATFORM,
            wordpress.WORDPRESS,
            wordpress.WEBSITE,
        )
