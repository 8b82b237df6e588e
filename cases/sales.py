"""The debt was sold: who bought it, when, which cases; once the creditor confirms, they close as sold (S001-02).

The claim's history stays with the case; the gate refuses every further contact of a closed case. The notice of
assignment is kept on each of them, and one may be written to the debtor in their own language.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from agencies.permissions import Permission
from audit import record
from cases import approvals, document_intake, documents, transitions
from cases.agreement_papers import PDF, about
from cases.models import Approval, ApprovalKind, Case, DebtSale, Document, DocumentKind, SoldCase, Stage
from cases.next_actions import local_day
from common import pdf
from common.refusals import NotUnderstood, Refused
from common.templatetags.trade import day
from common.templatetags.trade import money as shown_money

RECORDED = record.kind(
    "case.sale_recorded", gettext_lazy("A sale of %(count)s cases was recorded; the creditor is asked to confirm it.")
)
CONFIRMED = record.kind("case.sale_confirmed", gettext_lazy("A sale was confirmed: %(count)s cases were closed."))
REFUSED = record.kind("case.sale_refused", gettext_lazy("A sale was not confirmed."))
WITHDRAWN = record.kind("case.sale_withdrawn", gettext_lazy("A sale was withdrawn."))
NOTICE = record.kind("case.sale_notice", gettext_lazy("The notice of assignment was written to the debtor."))

State = DebtSale.State
MOST_CASES = 1000
"""So many cases in one sale; a larger portfolio is recorded in parts."""
NAMED = 20
"""So many contracts are named to the creditor; the page of the sale lists all."""


class NotYours(Refused):
    status = 403


class NothingChosen(NotUnderstood):
    field = "case"


class CasesDoNotFit(Refused):
    """Closed, of several mandates, or in another sale that waits."""

    field = "case"


class SaleNotUnderstood(NotUnderstood):
    """Buyer, day and notice belong to a sale."""


class SaleIsElsewhere(Refused):
    """The creditor answered, or it was withdrawn."""


def chosen(ids: Sequence[int]) -> list[Case]:
    """The cases that are to be sold together.

    Raises:
        NothingChosen, CasesDoNotFit
    """
    rows = Case.objects.filter(id__in=list(ids)).select_related("mandate__creditor", "debtor")
    found = list(rows.order_by("contract_no", "id"))
    if not found:
        raise NothingChosen(_("Tick the cases that were sold first."))
    if len(found) > MOST_CASES:
        raise CasesDoNotFit(_("At most %(most)s cases are recorded in one sale.") % {"most": MOST_CASES})
    if len({case.mandate_id for case in found}) > 1:
        raise CasesDoNotFit(_("These cases are of several mandates. Record one sale for each."))
    if len({case.currency for case in found}) > 1:
        raise CasesDoNotFit(_("These cases are in several currencies. Record one sale for each."))
    if any(case.stage == Stage.CLOSED for case in found):
        raise CasesDoNotFit(_("Some of these cases are closed already. Leave them out."))
    if SoldCase.objects.filter(case__in=found, is_open=True).exists():
        raise CasesDoNotFit(_("Some of these cases stand in a sale that waits for the creditor already."))
    return found


def record_sale(
    ids: Sequence[int],
    *,
    buyer: str,
    sold_on: date,
    file: "UploadedFile[Any]",
    by: Membership,
    as_of: date,
    now: datetime,
    buyer_details: str = "",
    price: Decimal | None = None,
) -> DebtSale:
    """Record that the creditor sold these debts and ask the creditor to confirm it. Nothing closes before.

    `file`: the notice of assignment; it is kept as a document of every case.

    Raises:
        NotYours, NothingChosen, CasesDoNotFit, SaleNotUnderstood; document_intake.DocumentRefused.
    """
    _check(by)
    if not buyer.strip():
        raise SaleNotUnderstood(_("Enter who bought the debt."), field="buyer")
    if sold_on > as_of:
        raise SaleNotUnderstood(_("This day has not come yet: a sale is recorded once it was made."), field="sold_on")
    if price is not None and price < 0:
        raise SaleNotUnderstood(_("A price is not negative."), field="price")
    with transaction.atomic():
        cases = chosen(ids)
        mandate = cases[0].mandate
        sale: DebtSale = DebtSale.objects.create(
            mandate=mandate, buyer=buyer.strip()[:160], buyer_details=buyer_details.strip()[:240], sold_on=sold_on,
            price=price, currency=cases[0].currency, balance=sum((one.balance for one in cases), Decimal(0)),
            recorded_by=by.user, recorded_at=now,
        )  # fmt: skip
        notices = _keep_notice(cases, file, by=by, now=now)
        try:
            with transaction.atomic():
                SoldCase.objects.bulk_create(
                    [SoldCase(sale=sale, case=one, balance=one.balance, notice=notices[one.id]) for one in cases]
                )
        except IntegrityError as error:
            raise CasesDoNotFit(_("Some of these cases stand in a sale that waits already.")) from error
        record.record(RECORDED, by=by.user, subject_id=sale.id, at=now, count=len(cases))
        approvals.ask(
            ApprovalKind.SALE, sale.id, mandate=mandate, case=cases[0] if len(cases) == 1 else None, by=by, now=now,
            facts={"cases": len(cases), "balance": str(sale.balance), "currency": sale.currency},
        )  # fmt: skip
    return sale


def _keep_notice(
    cases: Sequence[Case], file: "UploadedFile[Any]", *, by: Membership, now: datetime
) -> dict[int, Document]:
    """The notice as a document of every case: one file on disk, one statement of rows."""
    first = document_intake.take(
        cases[0], file, kind=DocumentKind.ASSIGNMENT_NOTICE, title=_("Notice of assignment"), by=by, now=now
    )
    others = [
        Document(
            case=one, kind=first.kind, title=first.title, filename=first.filename, mime=first.mime, path=first.path,
            sha256=first.sha256, size=first.size, made_by=by.user, made_at=now,
        )
        for one in cases[1:]
    ]  # fmt: skip
    made = [first, *Document.objects.bulk_create(others)]
    told = [(one.case_id, {"document_kind": one.kind, "sha256": one.sha256}) for one in made[1:]]
    record.record_many(documents.ADDED, told, by=by.user, at=now)
    return {one.case_id: one for one in made}


def withdraw(sale: DebtSale, *, note: str, by: Membership, now: datetime) -> DebtSale:
    """The sale was not made after all: the cases stay as they are.

    Raises:
        NotYours, SaleIsElsewhere; SaleNotUnderstood: without a reason.
    """
    _check(by)
    if not note.strip():
        raise SaleNotUnderstood(_("Say in a few words why the sale is withdrawn."), field="note")
    with transaction.atomic():
        fresh = _waiting(sale.id)
        approvals.withdraw(ApprovalKind.SALE, fresh.id, by=by, now=now)
        _end(fresh, State.WITHDRAWN, now=now, note=note)
        record.record(WITHDRAWN, by=by.user, subject_id=fresh.id, at=now)
    return fresh


def write_notice(line: SoldCase, *, by: Membership, now: datetime) -> Document:
    """Write the notice to the debtor of one sold case, in their language: who the creditor is from now on.

    Raises:
        NotYours; SaleIsElsewhere: the creditor has not confirmed the sale.
    """
    _check(by)
    sale, case = line.sale, line.case
    if sale.state != State.APPROVED:
        raise SaleIsElsewhere(_("The notice is written once the creditor has confirmed the sale."))
    language = case.debtor.language
    context = {"sale": sale, "line": line, **about(case, now)}
    printed = pdf.document("documents/assignment.html", context, language=language)
    with translation.override(language):
        title = _("Notice of assignment to the debtor")
    with transaction.atomic():
        made = documents.add(
            case, kind=DocumentKind.ASSIGNMENT_NOTICE, title=title, filename=f"assignment-{case.id}.pdf",
            content=printed.pdf, mime=PDF, by=by, now=now, language=language, subject_id=sale.id,
        )  # fmt: skip
        record.record(NOTICE, by=by.user, case_id=case.id, subject_id=made.id, at=now)
    return made


def lines_of(sale: DebtSale) -> Any:
    """The cases of a sale, by contract."""
    found = SoldCase.objects.filter(sale=sale).select_related("case__debtor", "notice")
    return found.order_by("case__contract_no", "id")


def _granted(approval: Approval, by: Membership, now: datetime) -> None:
    """The creditor confirms: every case that is still open closes as sold, by one statement."""
    sale = _waiting(approval.subject_id)
    lines = SoldCase.objects.filter(sale=sale)
    closed = transitions.close_sold(
        list(lines.values_list("case_id", flat=True)), as_of=local_day(by.agency, now), by=by.user, now=now
    )
    lines.filter(case_id__in=closed).update(closed=True)
    _end(sale, State.APPROVED, now=now)
    record.record(CONFIRMED, by=by.user, subject_id=sale.id, at=now, count=len(closed))


def _refused(approval: Approval, by: Membership, now: datetime) -> None:
    sale = _waiting(approval.subject_id)
    _end(sale, State.REFUSED, now=now, note=approval.note)
    record.record(REFUSED, by=by.user, subject_id=sale.id, at=now)


def _shown(approval: Approval) -> list[approvals.Fact]:
    """Buyer, day, price, and which contracts."""
    sale = DebtSale.objects.filter(id=approval.subject_id).first()
    if sale is None:
        return []
    contracts = lines_of(sale).values_list("case__contract_no", flat=True)
    named = list(contracts[: NAMED + 1])
    more = " …" if len(named) > NAMED else ""
    facts = [
        approvals.Fact(_("Bought by"), sale.buyer),
        approvals.Fact(_("Sold on"), day(sale.sold_on)),
        approvals.Fact(_("Cases"), str(approval.facts["cases"])),
        approvals.Fact(_("Owed on them"), shown_money(sale.balance, sale.currency)),
        approvals.Fact(_("Contracts"), ", ".join(named[:NAMED]) + more),
    ]
    if sale.price is not None:
        facts.insert(2, approvals.Fact(_("Price"), shown_money(sale.price, sale.currency)))
    return facts


APPROVAL = approvals.Kind(ApprovalKind.SALE, granted=_granted, refused=_refused, shown=_shown, days=10)


def _waiting(sale_id: int) -> DebtSale:
    found: DebtSale = DebtSale.objects.select_for_update(no_key=True).get(id=sale_id)
    if found.state != State.WAITING:
        raise SaleIsElsewhere(_("This sale was answered or withdrawn before."))
    return found


def _end(sale: DebtSale, state: State, *, now: datetime, note: str = "") -> None:
    sale.state, sale.decided_at, sale.note = state, now, note.strip()[:240]
    sale.save(update_fields=["state", "decided_at", "note"])
    SoldCase.objects.filter(sale=sale).update(is_open=False)


def _check(by: Membership) -> None:
    if not by.may(Permission.CASES_MOVE):
        raise NotYours(_("Only a coordinator, a manager or a legal officer records a sale."))
