from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from common.panels import NavItem, Panel, register_nav, register_panel


class ContactsConfig(AppConfig):
    name = "contacts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from agencies.creating import on_agency_created
        from contacts import case_panels, default_templates, desk_panels, dossier

        dossier.register()
        on_agency_created("texts", default_templates.create)
        register_panel(Panel("desk-contact", "numbers", "contacts/desk/numbers.html", desk_panels.numbers))
        register_panel(Panel("desk-limits", "limits", "contacts/desk/limits.html", desk_panels.limits))
        register_panel(Panel("case", "messages", "contacts/panels/messages.html", case_panels.messages, order=50))
        register_panel(
            Panel("case-rail", "unpermitted", "contacts/panels/unpermitted.html", case_panels.unpermitted, order=30)
        )
        register_panel(
            Panel(
                "approvals", "contacts", "contacts/panels/approvals.html", case_panels.approvals,
                permission=Permission.CONTACTS_APPROVE,
            )
        )  # fmt: skip
        register_nav(
            NavItem(_("Campaigns"), "campaigns", Permission.CAMPAIGNS_PLAN, order=40, key="k", icon="campaign")
        )
        register_nav(NavItem(_("Texts"), "templates", Permission.TEMPLATES_EDIT, order=42, key="x", icon="template"))
        register_nav(NavItem(_("Letters"), "letters", Permission.LETTERS_PRINT, order=44, key="e", icon="letter"))
        register_nav(NavItem(_("Outbox"), "outbox", Permission.CONTACTS_APPROVE, order=46, key="b", icon="send"))
