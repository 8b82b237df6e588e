from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from common.panels import NavItem, Panel, register_nav, register_panel


class LegalConfig(AppConfig):
    name = "legal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from agencies import invitations
        from cases import approvals, court
        from cases import closing as case_closing
        from legal import closing, complaints, firms, lawsuits, panels, time_limits, wished

        register_nav(NavItem(_("Legal"), "legal-cases", Permission.LEGAL_CASES, order=50, key="l", icon="legal"))
        register_nav(
            NavItem(
                _("Soon time-barred"), "legal-time-limits", Permission.LEGAL_HANDOFF, order=51, icon="clock",
                count=time_limits.count_near,
            )
        )  # fmt: skip
        register_nav(NavItem(_("Law firms"), "handoffs", Permission.LEGAL_HANDOFF, order=52, key="n", icon="send"))
        register_nav(NavItem(_("Cases"), "firm-handoffs", Permission.LAW_FIRM, order=50, key="l", icon="legal"))
        register_panel(
            Panel(slot="case-rail", name="legal", template="legal/panel.html", context=panels.decision, order=30)
        )
        register_panel(
            Panel(
                slot="case", name="legal-file", template="legal/file_panel.html", context=panels.legal_file,
                permission=Permission.LEGAL_HANDOFF, order=70,
            )
        )  # fmt: skip
        approvals.register(lawsuits.APPROVAL)
        approvals.register(complaints.APPROVAL)
        court.on_wished(wished.begin_draft)
        case_closing.on_closed(closing.recall_what_the_creditor_recalled)
        case_closing.on_closed(closing.withdraw_unfiled_complaints)
        invitations.offer_law_firms(firms.choices)
        invitations.on_joined("legal", firms.admit)
