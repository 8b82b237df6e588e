from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from common.panels import NavItem, Panel, register_nav, register_panel


class LegalConfig(AppConfig):
    name = "legal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from legal import panels

        register_nav(NavItem(_("Legal"), "legal-cases", Permission.LEGAL_CASES, order=50, key="l", icon="legal"))
        register_panel(
            Panel(slot="case-rail", name="legal", template="legal/panel.html", context=panels.decision, order=30)
        )
