"""Roles are classes in code: a code that is stored, a name for people, and the permissions granted.

Source of the roles: seed checklist, cross-seed decision 6.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission as P


class Role:
    code: str
    label: str | Promise
    permissions: frozenset[P]
    home: str = "home"
    """URL name of the first page after signing in."""
    outside: bool = False
    """True for people who do not work for the agency (creditors, law firms): they see only what was shared."""


_EVERYONE = frozenset({P.SIGNED_IN})
_DESK = _EVERYONE | {
    P.CASES_VIEW, P.CASES_WORK, P.CASES_SEARCH_ALL, P.DEBTORS_EDIT, P.SETTLEMENTS_OFFER, P.PAY_OWN,
    P.API,
}  # fmt: skip


class Collector(Role):
    code = "COLLECTOR"
    label = _("Collector")
    permissions = frozenset(_DESK | {P.PAYMENTS_ENTER, P.QUALITY_OWN})
    home = "desk"


class FieldCollector(Role):
    code = "FIELD_COLLECTOR"
    label = _("Field collector")
    permissions = frozenset(_DESK | {P.FIELD_VISITS, P.QUALITY_OWN})
    home = "field-cases"


class Coordinator(Role):
    code = "COORDINATOR"
    label = _("Coordinator")
    permissions = frozenset(
        _DESK
        | {
            P.CASES_ALLOCATE, P.CASES_HOLD, P.CASES_MOVE, P.PROMISES_APPROVE, P.CONTACTS_APPROVE, P.PAYMENTS_ENTER,
            P.TARGETS_SET, P.REPORTS_TAILOR,
            P.CAMPAIGNS_PLAN, P.TEMPLATES_EDIT, P.LETTERS_PRINT, P.FILES_VIEW, P.FILES_UPLOAD, P.DASHBOARD,
            P.FIELD_VISITS, P.FIELD_ALLOCATE, P.AUDIT_VIEW, P.APPROVALS_DECIDE, P.STATEMENTS_MATCH, P.RESTRUCTURING,
            P.LEGAL_HANDOFF, P.DESK_WORDS, P.COMPLAINTS_HANDLE, P.QUALITY_JUDGE,
        }
    )  # fmt: skip
    home = "allocation"


class RestructuringOfficer(Role):
    code = "RESTRUCTURING_OFFICER"
    label = _("Restructuring officer")
    permissions = frozenset(_DESK | {P.RESTRUCTURING, P.PAYMENTS_ENTER, P.QUALITY_OWN})
    home = "desk"


class SkipTracingOfficer(Role):
    code = "SKIP_TRACING_OFFICER"
    label = _("Skip-tracing officer")
    permissions = frozenset(_DESK | {P.SKIP_TRACE, P.QUALITY_OWN})
    home = "desk"


class AntiFraudOfficer(Role):
    code = "ANTI_FRAUD_OFFICER"
    label = _("Anti-fraud officer")
    permissions = frozenset(_DESK | {P.FRAUD_REVIEW, P.CASES_HOLD, P.AUDIT_VIEW})
    home = "desk"


class LegalOfficer(Role):
    code = "LEGAL_OFFICER"
    label = _("Legal officer")
    permissions = frozenset(
        _DESK | {P.LEGAL_CASES, P.LEGAL_HANDOFF, P.CASES_HOLD, P.CASES_MOVE, P.AUDIT_VIEW, P.COMPLAINTS_HANDLE}
    )
    home = "legal-cases"


class Manager(Role):
    code = "MANAGER"
    label = _("Manager")
    permissions = frozenset(
        Coordinator.permissions
        | {
            P.CAMPAIGNS_APPROVE,
            P.TEMPLATES_APPROVE,
            P.MANDATES_MANAGE,
            P.STRATEGIES_MANAGE,
            P.LEGAL_CASES,
            P.REMITTANCE,
            P.PAY_MANAGE,
            P.QUALITY_CARDS,
        }
    )
    home = "dashboard"


class AgencyAdministrator(Role):
    code = "AGENCY_ADMINISTRATOR"
    label = _("Agency administrator")
    permissions = frozenset(
        _EVERYONE
        | {
            P.TEAM_MANAGE, P.PAY_MANAGE, P.AGENCY_SETTINGS, P.MANDATES_MANAGE, P.STRATEGIES_MANAGE, P.DESK_WORDS,
            P.AUDIT_VIEW, P.API,
        }
    )  # fmt: skip
    home = "people"


class CreditorUser(Role):
    code = "CREDITOR_USER"
    label = _("Creditor user")
    permissions = frozenset(_EVERYONE | {P.FILES_UPLOAD, P.FILES_VIEW, P.CREDITOR_CASES, P.CREDITOR_APPROVE, P.API})
    home = "case-files"
    outside = True


class LawFirmUser(Role):
    code = "LAW_FIRM_USER"
    label = _("Law-firm user")
    permissions = frozenset(_EVERYONE | {P.LAW_FIRM, P.API})
    home = "firm-handoffs"
    outside = True


ROLES: dict[str, type[Role]] = {
    role.code: role
    for role in (
        Collector, FieldCollector, Coordinator, RestructuringOfficer, SkipTracingOfficer, AntiFraudOfficer,
        LegalOfficer, Manager, AgencyAdministrator, CreditorUser, LawFirmUser,
    )
}  # fmt: skip
"""The platform operator is no role of an agency: it is `User.is_platform_operator` and sees no agency's rows."""

ROLE_CHOICES = [(code, role.label) for code, role in ROLES.items()]
