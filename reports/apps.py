from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from common.panels import NavItem, register_nav


class ReportsConfig(AppConfig):
    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_nav(NavItem(_("Dashboard"), "dashboard", Permission.DASHBOARD, order=10, key="d", icon="chart"))
