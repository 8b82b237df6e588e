"""Pages of bank statements: upload and list, one statement, and the desk of lines nobody could match by itself."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from cases import payment_matching, queries, statement_booking, statement_intake, statement_pages
from cases.models import Case
from common.refusals import Refused
from ledger.models import BankStatement, IgnoreReason, Payment, StatementLine

PAGE_SIZE, DESK_SIZE = 50, 25
State = StatementLine.State


@require_http_methods(["GET", "POST"])
@requires(Permission.STATEMENTS_MATCH)
def statement_list(request: MemberRequest) -> HttpResponse:
    """Statements, the newest day first, and the upload of another."""
    refused: dict[str, Any] = {}
    if request.method == "POST":
        content = request.FILES.get("file")
        if not isinstance(content, UploadedFile):
            refused = {"sentence": _("Choose a file.")}
        else:
            try:
                return _taken(request, content)
            except Refused as refusal:
                refused = _told_where(refusal, content)
    rows = BankStatement.objects.select_related("account", "file").order_by("-closed_on", "-id")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    counts = statement_pages.counts_of(page)
    context = {
        "page": page, "statements": [(one, counts[one.id]) for one in page], "refused": refused,
        "waiting": statement_pages.waiting(), "busy": any(one.file.state == "MATCHING" for one in page),
    }  # fmt: skip
    return render(request, "cases/statements/list.html", context, status=422 if refused else 200)


@require_GET
@requires(Permission.STATEMENTS_MATCH)
def statement_page(request: MemberRequest, statement_id: int) -> HttpResponse:
    """One statement with its lines; `?state=` shows those of one state."""
    statement = get_object_or_404(BankStatement.objects.select_related("account", "file__uploaded_by"), id=statement_id)
    wanted = request.GET.get("state", "")
    lines = statement_pages.lines_of(statement).select_related("payment", "decided_by").order_by("at_line", "id")
    if wanted in State.values:
        lines = lines.filter(state=wanted)
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    counts = statement_pages.counts_of([statement])[statement.id]
    context = {
        "statement": statement, "page": page, "rows": statement_pages.with_cases(list(page)), "wanted": wanted,
        "tiles": [(state, state.label, counts[state]) for state in statement_pages.SHOWN],
        "warnings": statement_pages.warning_sentences(statement),
    }  # fmt: skip
    return render(request, "cases/statements/statement.html", context)


@require_POST
@requires(Permission.STATEMENTS_MATCH)
def statement_rematch(request: MemberRequest, statement_id: int) -> HttpResponse:
    """Look again for cases: some may have been opened since."""
    statement = get_object_or_404(BankStatement.objects, id=statement_id)
    statement_intake.match_again(statement.file_id)
    messages.success(request, _("The open lines are being matched again."))
    return redirect("bank-statement", statement_id)


@require_GET
@requires(Permission.STATEMENTS_MATCH)
def desk(request: MemberRequest) -> HttpResponse:
    """Open lines on the left; who may have paid, or what is taken back, on the right."""
    show = "out" if request.GET.get("show") == "out" else "in"
    text = request.GET.get("q", "").strip()
    page = Paginator(statement_pages.open_lines(show).select_related("account"), DESK_SIZE).get_page(
        request.GET.get("page")
    )
    rows = list(page)
    chosen = _chosen(request, rows)
    settled = StatementLine.objects.filter(id=_number(request.GET.get("done"))).exclude(state=State.OPEN)
    done = settled.select_related("payment").first()
    context = {
        "show": show, "page": page, "rows": rows, "line": chosen, "text": text, "done": done,
        "done_case": next(iter(statement_pages.cases_of([done]).values()), None) if done else None,
        "waiting": statement_pages.waiting(), "reasons": IgnoreReason.choices, **_around(rows, chosen),
    }  # fmt: skip
    if chosen is not None:
        context |= _answers(request, chosen, text)
    return render(request, "cases/statements/desk.html", context)


@require_POST
@requires(Permission.STATEMENTS_MATCH)
def line_book(request: MemberRequest, statement_line_id: int) -> HttpResponse:
    line = _line(statement_line_id)
    cases = queries.open_to(request.membership).select_related("account", "mandate", "agency")
    case = cases.filter(id=_number(request.POST.get("case"))).first()
    if case is None:
        messages.error(request, _("Choose a case."))
        return redirect(_desk(line, line=line.id))
    amount = _sum(request.POST.get("amount"))
    return _settled(
        request, line,
        lambda: statement_booking.book(line, case, amount=amount, by=request.membership, now=timezone.now()),
    )  # fmt: skip


@require_POST
@requires(Permission.STATEMENTS_MATCH)
def line_link(request: MemberRequest, statement_line_id: int) -> HttpResponse:
    """Say that the line is a payment that was entered or reported before it came."""
    line = _line(statement_line_id)
    own = queries.open_to(request.membership).values("account_id")
    payment = (
        Payment.objects.select_related("entry")
        .filter(id=_number(request.POST.get("payment")), account_id__in=own)
        .first()
    )
    if payment is None:
        messages.error(request, _("Choose the payment this money is."))
        return redirect(_desk(line, line=line.id))
    return _settled(
        request, line,
        lambda: statement_booking.link(line, payment, by=request.membership, now=timezone.now()),
    )  # fmt: skip


@require_POST
@requires(Permission.STATEMENTS_MATCH)
def line_take_back(request: MemberRequest, statement_line_id: int) -> HttpResponse:
    line = _line(statement_line_id)
    payments = Payment.objects.select_related("entry__account")
    payment = payments.filter(id=_number(request.POST.get("payment"))).first()
    if payment is None:
        messages.error(request, _("Choose the payment that is taken back."))
        return redirect(_desk(line, line=line.id))
    return _settled(
        request, line,
        lambda: statement_booking.take_back(line, payment, by=request.membership, now=timezone.now()),
    )  # fmt: skip


@require_POST
@requires(Permission.STATEMENTS_MATCH)
def line_ignore(request: MemberRequest, statement_line_id: int) -> HttpResponse:
    line = _line(statement_line_id)
    reason = request.POST.get("reason", "")
    return _settled(
        request, line,
        lambda: statement_booking.ignore(line, reason=reason, by=request.membership, now=timezone.now()),
    )  # fmt: skip


@require_POST
@requires(Permission.STATEMENTS_MATCH)
def line_reopen(request: MemberRequest, statement_line_id: int) -> HttpResponse:
    line = _line(statement_line_id)
    try:
        with transaction.atomic():
            statement_booking.reopen(line, by=request.membership, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("bank-statement", line.statement_id)
    messages.success(request, _("The line is open again."))
    return redirect(_desk(line, line=line.id))


def _taken(request: MemberRequest, content: Any) -> HttpResponse:
    with transaction.atomic():
        file, is_new = statement_intake.take_in(
            content.read(settings.BANK_STATEMENT_MAX_BYTES + 1),
            filename=content.name or "",
            by=request.membership,
            now=timezone.now(),
        )
    if not is_new:
        messages.info(request, _("This very file was taken in before: here it is."))
    found = list(BankStatement.objects.filter(file=file).order_by("id")[:2])
    if len(found) == 1:
        return redirect("bank-statement", found[0].id)
    return redirect("bank-statements")


def _told_where(refusal: Refused, content: Any) -> dict[str, Any]:
    """The sentence of a refusal with the place in the file, as a person finds it."""
    content.seek(0)
    line = int(refusal.details.get("line") or 0)
    return {
        "sentence": refusal.sentence, "line": line, "column": refusal.details.get("column"), "name": content.name,
        "excerpt": statement_pages.excerpt(content.read(settings.BANK_STATEMENT_MAX_BYTES), line),
    }  # fmt: skip


def _settled(request: HttpRequest, line: StatementLine, act: Callable[[], Any]) -> HttpResponse:
    """Do the deed and go on with the next open line, which offers to undo it; a refusal stays at this one."""
    following = statement_pages.next_open(line)
    try:
        with transaction.atomic():
            act()
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect(_desk(line, line=line.id))
    rest = StatementLine.objects.filter(part_of_id=line.id, state=State.OPEN).order_by("id").first()
    done = StatementLine.objects.filter(part_of_id=line.id).exclude(state=State.OPEN).order_by("id").first() or line
    where = rest or following
    return redirect(_desk(line, line=where.id if where else 0, done=done.id))


def _desk(settled: StatementLine, /, **arguments: int) -> str:
    told = {name: value for name, value in arguments.items() if value}
    return f"{reverse('statement-desk')}?{urlencode({'show': 'out' if settled.amount < 0 else 'in', **told})}"


def _chosen(request: HttpRequest, rows: list[StatementLine]) -> StatementLine | None:
    wanted = _number(request.GET.get("line"))
    if wanted:
        found = StatementLine.objects.filter(id=wanted, state=State.OPEN).select_related("account").first()
        if found is not None:
            return found
    return rows[0] if rows else None


def _around(rows: list[StatementLine], chosen: StatementLine | None) -> dict[str, StatementLine | None]:
    ids = [row.id for row in rows]
    if chosen is None or chosen.id not in ids:
        return {"before": None, "after": rows[0] if rows and chosen else None}
    place = ids.index(chosen.id)
    return {
        "before": rows[place - 1] if place else None,
        "after": rows[place + 1] if place + 1 < len(rows) else None,
    }


def _answers(request: MemberRequest, line: StatementLine, text: str) -> dict[str, Any]:
    if line.amount < 0:
        return {"returns": payment_matching.returns(line)}
    if not text:
        return {"suggestions": payment_matching.suggestions(line)}
    found = queries.search(request.membership, text)
    cases = Case.objects.filter(id__in=[case.id for case in found]).select_related("debtor", "creditor", "account")
    by_id = {case.id: case for case in cases}
    chosen = [by_id[case.id] for case in found if case.id in by_id]
    return {"suggestions": payment_matching.suggestions_for(chosen, line)}


def _line(line_id: int) -> StatementLine:
    line: StatementLine = get_object_or_404(StatementLine.objects, id=line_id)
    return line


def _sum(text: str | None) -> Decimal | None:
    if not (text or "").strip():
        return None
    try:
        return Decimal(str(text).replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return Decimal(0)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0
