"""What a creditor may see of its cases: where each stands and what was paid, never how it is worked."""

from typing import Any

from django.db.models import Q

from agencies.models import Membership
from audit.queries import Entry, timeline
from cases import documents
from cases.models import Case, DocumentKind, Stage
from common.folding import fold
from portfolios.visible import creditor_of

SHOWN_KINDS = ("case.opened", "case.changed_by_file", "case.stage_changed", "case.closed", "case.reopened")
SHOWN_DOCUMENTS = (DocumentKind.FINAL_REPORT,)


def cases_of(member: Membership) -> Any:
    """Cases of the creditor whose user the member is; none for anybody else."""
    creditor_id = creditor_of(member)
    cases = Case.objects.select_related("debtor", "portfolio", "account")
    return cases.filter(creditor_id=creditor_id) if creditor_id else cases.none()


def found_in(cases: Any, *, text: str, stage: str) -> Any:
    """Narrow by stage, and by the beginning of a contract number or of the debtor's name."""
    if stage in Stage.values:
        cases = cases.filter(stage=stage)
    text = text.replace("\0", "").strip()
    if text:
        key = fold(text)
        by_name = Q(debtor__name_key__gte=key, debtor__name_key__lt=key + "\U0010ffff") if key else Q()
        cases = cases.filter(Q(contract_no__gte=text, contract_no__lt=text + "\U0010ffff") | by_name)
    return cases


def history_of(case: Case) -> list[Entry]:
    """Opening, changes by file and stages of a case, newest first."""
    return timeline(case.id, limit=100, kinds=SHOWN_KINDS)


def documents_of(case: Case) -> Any:
    """What the agency hands to the creditor: the final report of the last closing."""
    return documents.current(case).filter(kind__in=SHOWN_DOCUMENTS).order_by("-id")
