from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from common.panels import NavItem, Panel, register_nav, register_panel


class FieldConfig(AppConfig):
    name = "field"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases import approvals
        from cases import closing as case_closing
        from field import case_panel, closing, dossier, follow_up_views, objects, office_views

        register_nav(
            NavItem(
                _("Trips"), "field-trips", Permission.FIELD_VISITS, order=46, key="t", icon="flag",
                count=office_views.count_late,
            )
        )  # fmt: skip
        register_nav(NavItem(_("My day"), "field-day", Permission.FIELD_VISITS, order=47, key="z", icon="pin"))
        register_nav(
            NavItem(
                _("After visits"), "field-follow-up", Permission.FIELD_ALLOCATE, order=48, key="w", icon="note",
                count=follow_up_views.count_waiting,
            )
        )  # fmt: skip
        register_panel(Panel("case-rail", "trip", "field/panels/trip.html", office_views.trip_panel, order=62))
        register_panel(Panel("case", "field", "field/visit/panel.html", case_panel.field_panel, order=68))
        approvals.register(objects.BOOT)
        case_closing.on_closed(closing.sum_up)
        dossier.register()
        register_nav(NavItem(_("Visits"), "field-cases", Permission.FIELD_VISITS, order=45, key="v", icon="visit"))
