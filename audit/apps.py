from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from common.panels import NavItem, register_nav


class AuditConfig(AppConfig):
    name = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from agencies import history
        from audit import record

        history.keep_in(record.kind, record.record)
        register_nav(NavItem(_("History"), "history", Permission.AUDIT_VIEW, order=80, key="h", icon="clock"))
