from django.apps import AppConfig

from common.panels import Panel, register_panel


class ContactsConfig(AppConfig):
    name = "contacts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from contacts import desk_panels

        register_panel(Panel("desk-contact", "numbers", "contacts/desk/numbers.html", desk_panels.numbers))
        register_panel(Panel("desk-limits", "limits", "contacts/desk/limits.html", desk_panels.limits))
