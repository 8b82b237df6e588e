from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from common.panels import NavItem, register_nav


class AgenciesConfig(AppConfig):
    name = "agencies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_nav(NavItem(_("People"), "people", Permission.TEAM_MANAGE, order=90, key="p", icon="people"))
        register_nav(
            NavItem(
                _("API tokens"), "api-tokens", Permission.API, order=95, icon="key", unless=Permission.CASES_WORK
            )
        )  # fmt: skip
        register_nav(NavItem(_("Agency"), "agency-settings", Permission.AGENCY_SETTINGS, order=97, icon="building"))
