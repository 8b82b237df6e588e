from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from common.panels import NavItem, register_nav


class CasesConfig(AppConfig):
    name = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from agencies.shortcuts import register_action
        from cases.desk_keys import ACTIONS
        from cases.opening import known_contracts
        from portfolios.known import register_lookup

        register_nav(NavItem(_("Desk"), "desk", Permission.CASES_WORK, order=20, key="q", icon="desk"))
        register_lookup(known_contracts)
        for action in ACTIONS:
            register_action(action)
