"""Pages of case files: list, upload, mapping, dry run, progress, rows, error file, confirmation."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from common.refusals import Refused
from portfolios import checking, inspecting, mapping_form, receiving
from portfolios.error_file import write_error_file
from portfolios.mapping import MappingRefused, Spec, problems_of, spec_of
from portfolios.models import CaseFile, CaseFileRow
from portfolios.reading import FileRefused
from portfolios.reasons import level, sentence
from portfolios.visible import files_of, portfolios_of

State = CaseFile.State
AT_WORK = (State.RECEIVED, State.CHECKING, State.CONFIRMED, State.OPENING)
TONES: dict[str, str] = {
    State.RECEIVED: "info", State.NEEDS_MAPPING: "warn", State.CHECKING: "info", State.CHECKED: "warn",
    State.CONFIRMED: "info", State.OPENING: "info", State.OPENED: "ok", State.REFUSED: "bad",
}  # fmt: skip
PAGE_SIZE = 50


@require_GET
@requires(Permission.FILES_VIEW)
def file_list(request: MemberRequest) -> HttpResponse:
    page = Paginator(files_of(request.membership).order_by("-id"), 25).get_page(request.GET.get("page"))
    files = [(case_file, TONES[case_file.state]) for case_file in page]
    return render(request, "portfolios/files.html", {"page": page, "files": files})


@require_http_methods(["GET", "POST"])
@requires(Permission.FILES_UPLOAD)
def upload(request: MemberRequest) -> HttpResponse:
    portfolios = portfolios_of(request.membership)
    problem = ""
    if request.method == "POST":
        portfolio = get_object_or_404(portfolios, id=_number(request.POST.get("portfolio")))
        content = request.FILES.get("file")
        if content is None:
            problem = _("Choose a file.")
        else:
            try:
                case_file, is_new = receiving.receive(
                    portfolio, content=content, filename=content.name or "", by=request.membership
                )
            except Refused as refusal:
                problem = refusal.sentence
            else:
                if not is_new:
                    messages.info(request, _("This very file was uploaded before: here it is."))
                return redirect("case-file", case_file.id)
    context = {"portfolios": portfolios, "problem": problem, "chosen": request.POST.get("portfolio")}
    return render(request, "portfolios/upload.html", context, status=422 if problem else 200)


@require_GET
@requires(Permission.FILES_VIEW)
def file_page(request: MemberRequest, file_id: int) -> HttpResponse:
    case_file = get_object_or_404(files_of(request.membership), id=file_id)
    if case_file.state == State.NEEDS_MAPPING or (case_file.state == State.CHECKED and "map" in request.GET):
        return _mapping_page(request, case_file)
    return render(request, "portfolios/file.html", _result(request, case_file))


@require_GET
@requires(Permission.FILES_VIEW)
def file_progress(request: MemberRequest, file_id: int) -> HttpResponse:
    """The progress bar, polled; once the step is over the page is loaded anew."""
    case_file = get_object_or_404(files_of(request.membership), id=file_id)
    if case_file.state not in AT_WORK:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "portfolios/progress.html", {"file": case_file, **_progress(case_file)})


@require_POST
@requires(Permission.FILES_UPLOAD)
def file_map(request: MemberRequest, file_id: int) -> HttpResponse:
    case_file = get_object_or_404(files_of(request.membership), id=file_id)
    before = _spec_in_hand(case_file)
    spec = mapping_form.spec_of_form(request.POST, case_file.detected.get("header", []), before)
    try:
        inspecting.apply_mapping(case_file, spec=spec, by=request.user, now=timezone.now())
    except MappingRefused as refusal:
        problems, questions = refusal.details.get("problems", []), refusal.details.get("questions", [])
        return _mapping_page(request, case_file, spec=spec, problems=problems, questions=questions, status=422)
    except Refused as refusal:
        problem = [{"sentence": refusal.sentence, "column": ""}]
        return _mapping_page(request, case_file, spec=spec, problems=problem, status=422)
    return redirect("case-file", case_file.id)


@require_POST
@requires(Permission.FILES_UPLOAD)
def file_confirm(request: MemberRequest, file_id: int) -> HttpResponse:
    case_file = get_object_or_404(files_of(request.membership), id=file_id)
    try:
        checking.confirm(case_file, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("case-file", case_file.id)


@require_GET
@requires(Permission.FILES_VIEW)
def file_errors(request: MemberRequest, file_id: int) -> HttpResponse:
    case_file = get_object_or_404(files_of(request.membership).exclude(mapping=None), id=file_id)
    try:
        content, name, media = write_error_file(case_file)
    except FileRefused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("case-file", case_file.id)
    answer: Any = FileResponse(content, as_attachment=True, filename=name, content_type=media)
    return answer  # type: ignore[no-any-return]


def _mapping_page(
    request: HttpRequest, case_file: CaseFile, *, spec: Spec | None = None,
    problems: list[dict[str, str]] | None = None, questions: list[dict[str, Any]] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    detected = case_file.detected
    spec = spec or _spec_in_hand(case_file)
    questions = detected.get("questions", []) if questions is None else questions
    rows = mapping_form.rows_of(spec, detected, questions)
    undecided = sum(1 for row in rows if not row["column"].to)
    context = {
        "file": case_file, "rows": rows, "spec": spec, "problems": problems or [], "undecided": undecided,
        "hints": detected.get("hints", []), "detected": detected, "meanings": mapping_form.meanings(),
        "missing": [p for p in problems_of(spec, detected["header"]) if p["code"] == "missing"] if not problems else [],
        "day_orders": mapping_form.day_orders(), "lines": mapping_form.lines_of(spec), "questions": len(questions),
        "encodings": [detected.get("encoding"), *detected.get("encodings", [])],
    }  # fmt: skip
    return render(request, "portfolios/mapping.html", context, status=status)


def _spec_in_hand(case_file: CaseFile) -> Spec:
    if case_file.mapping is not None and case_file.state != State.NEEDS_MAPPING:
        return spec_of(case_file.mapping.spec)
    return spec_of(case_file.detected.get("suggestion", {}))


def _result(request: MemberRequest, case_file: CaseFile) -> dict[str, Any]:
    verdict = request.GET.get("verdict", "")
    rows = CaseFileRow.objects.filter(case_file=case_file).order_by("line")
    if verdict == "WARNING":
        rows = rows.filter(verdict__in=checking.TAKEN).exclude(reasons=[])
    elif verdict == "STOPPED":
        rows = rows.filter(reasons__contains=[{"code": "stops_case"}])
    elif verdict in CaseFileRow.Verdict.values:
        rows = rows.filter(verdict=verdict)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")) if case_file.state not in AT_WORK else None
    counts = case_file.counts
    tiles = [
        (value, label, counts.get(value.lower(), 0), value == verdict) for value, label in CaseFileRow.Verdict.choices
    ]
    wrong = sum(counts.get(name, 0) for name in ("error", "ineligible", "duplicate"))
    return {
        "file": case_file, "tone": TONES[case_file.state], "page": page, "tiles": tiles, "verdict": verdict,
        "rows": [_row(row) for row in page] if page else [], "wrong": wrong, "warnings": counts.get("warnings", 0),
        "acceptable": counts.get("new", 0) + counts.get("changed", 0), "stopped": counts.get("stopped", 0),
        "at_work": case_file.state in AT_WORK,
        "hints": case_file.detected.get("hints", []), **_progress(case_file),
    }  # fmt: skip


def _row(row: CaseFileRow) -> dict[str, Any]:
    values = row.values or {}
    persons = values.get("persons") or [{}]
    dues = values.get("dues") or [[""]]
    tones = {"ERROR": "bad", "INELIGIBLE": "warn", "DUPLICATE": "warn", "NEW": "ok", "CHANGED": "info"}
    return {
        "row": row, "tone": tones.get(row.verdict, "neutral"), "name": persons[0].get("name", ""),
        "total": Decimal(values["total"]) if values.get("total") else None,
        "currency": values.get("currency", ""), "due_on": date.fromisoformat(dues[0][0]) if dues[0][0] else None,
        "reasons": [(sentence(reason), level(reason)) for reason in row.reasons], "changes": row.changes,
    }  # fmt: skip


def _progress(case_file: CaseFile) -> dict[str, Any]:
    """Rows a second and the rest of the time, of the step that runs."""
    opening = case_file.state in (State.CONFIRMED, State.OPENING)
    counts = case_file.counts
    total = counts.get("new", 0) + counts.get("changed", 0) if opening else case_file.rows_total
    done = case_file.rows_done
    seconds = (timezone.now() - case_file.step_began_at).total_seconds() if case_file.step_began_at else 0
    speed = done / seconds if seconds > 0 else 0
    rest = (total - done) / speed if speed else None
    return {"total": total, "done": done, "speed": round(speed), "rest": round(rest) if rest is not None else None}


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0
