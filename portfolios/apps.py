from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from common.panels import NavItem, register_nav


class PortfoliosConfig(AppConfig):
    name = "portfolios"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from agencies import invitations
        from portfolios import visible

        register_nav(NavItem(_("Case files"), "case-files", Permission.FILES_VIEW, order=60, key="f", icon="upload"))
        register_nav(
            NavItem(_("Creditors"), "creditors", Permission.MANDATES_MANAGE, order=70, key="m", icon="building")
        )
        register_nav(
            NavItem(_("Stage limits"), "strategies", Permission.STRATEGIES_MANAGE, order=71, key="s", icon="stage")
        )
        invitations.offer_creditors(visible.creditor_choices)
        invitations.on_joined("portfolios", visible.admit)
