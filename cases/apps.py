from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from common.panels import NavItem, register_nav


class CasesConfig(AppConfig):
    name = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from agencies.creating import on_agency_created
        from agencies.shortcuts import register_action
        from cases import (
            agreement_panels,
            approvals,
            case_panels,
            complaint_panels,
            dossier,
            expert_views,
            file_cells,
            paid_views,
            paying_views,
            plan_formats,
            plans,
            promises,
            proof,
            quality_cards,
            quality_panels,
            sales,
            settlements,
            waivers,
        )
        from cases.desk_keys import ACTIONS
        from cases.disposition_codes import seed_codes
        from cases.opening import known_contracts
        from portfolios.known import register_lookup

        register_nav(NavItem(_("Desk"), "desk", Permission.CASES_WORK, order=20, key="q", icon="desk"))
        register_nav(NavItem(_("Cases"), "case-list", Permission.CASES_VIEW, order=25, key="c", icon="cases"))
        register_nav(
            NavItem(_("Your cases"), "creditor-cases", Permission.CREDITOR_CASES, order=61, key="y", icon="cases")
        )
        register_nav(
            NavItem(_("Allocation"), "allocation", Permission.CASES_ALLOCATE, order=30, key="a", icon="allocate")
        )
        register_nav(
            NavItem(_("Approvals"), "approvals", Permission.PROMISES_APPROVE, order=35, key="o", icon="approve")
        )
        register_nav(
            NavItem(_("Agreements"), "concluded-agreements", Permission.RESTRUCTURING, order=36, key="g", icon="money")
        )
        register_nav(
            NavItem(
                _("Bank statements"), "bank-statements", Permission.STATEMENTS_MATCH, order=66, key="i", icon="file"
            )
        )
        register_nav(
            NavItem(
                _("Reported payments"),
                "reported-payments",
                Permission.STATEMENTS_MATCH,
                order=67,
                key="j",
                icon="check",
            )
        )
        register_nav(
            NavItem(_("Payments"), "creditor-payments", Permission.CREDITOR_CASES, order=61, key="p", icon="check")
        )
        register_nav(
            NavItem(_("Complaints"), "debtor-complaints", Permission.COMPLAINTS_HANDLE, order=70, key="u", icon="flag")
        )
        register_nav(NavItem(_("Quality"), "quality-reviews", Permission.QUALITY_JUDGE, order=71, key="y", icon="eye"))
        register_nav(
            NavItem(_("My conversations"), "quality-own", Permission.QUALITY_OWN, order=71, key="u", icon="eye")
        )
        register_nav(
            NavItem(_("Complaints"), "creditor-complaints", Permission.CREDITOR_CASES, order=63, key="u", icon="flag")
        )
        register_nav(NavItem(_("Remittance"), "remittances", Permission.REMITTANCE, order=68, key="r", icon="money"))
        register_nav(
            NavItem(_("Statements"), "creditor-remittances", Permission.CREDITOR_CASES, order=62, key="s", icon="money")
        )
        register_nav(
            NavItem(
                _("Approvals"), "creditor-approvals", Permission.CREDITOR_APPROVE, order=60, key="o", icon="approve"
            )
        )
        register_nav(NavItem(_("Lists of the desk"), "desk-words", Permission.DESK_WORDS, order=92, icon="script"))
        approvals.register(promises.APPROVAL)
        approvals.register(plan_formats.APPROVAL)
        approvals.register(plans.APPROVAL)
        approvals.register(settlements.APPROVAL)
        approvals.register(sales.APPROVAL)
        approvals.register(waivers.APPROVAL)
        case_panels.register()
        complaint_panels.register()
        quality_panels.register()
        file_cells.register()
        paid_views.register()
        paying_views.register()
        agreement_panels.register()
        proof.register()
        dossier.register()
        expert_views.register()
        register_lookup(known_contracts)
        on_agency_created("disposition codes", lambda _agency: seed_codes())
        on_agency_created(
            "score card", lambda one: quality_cards.adopt_usual(language=one.language, now=one.created_at)
        )
        for action in ACTIONS:
            register_action(action)
