from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from common.panels import NavItem, Panel, register_nav, register_panel


class ReportsConfig(AppConfig):
    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from reports import panels

        register_nav(NavItem(_("Dashboard"), "dashboard", Permission.DASHBOARD, order=10, key="d", icon="chart"))
        register_nav(NavItem(_("Your results"), "my-targets", Permission.CASES_WORK, order=22, icon="check"))
        register_nav(NavItem(_("Pay"), "pay", Permission.PAY_MANAGE, order=69, icon="money"))
        register_nav(NavItem(_("Reports"), "creditor-reports", Permission.CREDITOR_CASES, order=62, icon="chart"))
        register_panel(
            Panel(
                "desk-day", "own-target", "reports/panels/own_target.html", panels.own_target,
                permission=Permission.CASES_WORK,
            )
        )  # fmt: skip
