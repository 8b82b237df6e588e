from django.apps import AppConfig

from common.panels import Panel, register_panel


class ContactsConfig(AppConfig):
    name = "contacts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from agencies.creating import on_agency_created
        from contacts import default_templates, desk_panels

        on_agency_created("texts", default_templates.create)
        register_panel(Panel("desk-contact", "numbers", "contacts/desk/numbers.html", desk_panels.numbers))
        register_panel(Panel("desk-limits", "limits", "contacts/desk/limits.html", desk_panels.limits))
