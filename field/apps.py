from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from common.panels import NavItem, register_nav


class FieldConfig(AppConfig):
    name = "field"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_nav(NavItem(_("Visits"), "field-cases", Permission.FIELD_VISITS, order=45, key="v", icon="visit"))
