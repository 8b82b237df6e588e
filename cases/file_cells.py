"""What the creditor's file says beyond our own fields: columns kept beside the case, shown when somebody asks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agencies.access import requires
from agencies.permissions import Permission
from cases.desk_views import case_or_404
from cases.models import Case
from common.panels import Panel, register_panel
from portfolios.models import CaseFileRow


@dataclass(frozen=True)
class FileCells:
    """The columns of the row last taken over, in the order of its file."""

    filename: str
    line: int
    uploaded_at: datetime
    cells: list[tuple[str, str]]


def cells_of(case: Case) -> FileCells | None:
    """One statement; None when the case came from no file, or its file was erased since."""
    found = (
        CaseFileRow.objects.filter(id=case.source_row_id)
        .values_list(
            "line", "values__extra", "case_file__filename", "case_file__uploaded_at", "case_file__detected__header"
        )
        .first()
        if case.source_row_id
        else None
    )
    if found is None:
        return None
    line, extra, filename, uploaded_at, header = found
    order = {name: position for position, name in enumerate(header or [])}
    cells = sorted((extra or {}).items(), key=lambda cell: (order.get(cell[0], len(order)), cell[0]))
    return FileCells(filename, line, uploaded_at, cells)


def file_panel(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """A closed panel that asks for nothing until a person opens it."""
    return {"case": case} if case.source_row_id else None


@require_GET
@requires(Permission.CASES_VIEW)
def file_cells(request: HttpRequest, case_id: int) -> HttpResponse:
    """The panel's inside; a page of its own without script."""
    case = case_or_404(request, case_id)
    template = "file_cells" if getattr(request, "htmx", False) else "file_cells_page"
    return render(request, f"cases/desk/{template}.html", {"case": case, "file": cells_of(case)})


def register() -> None:
    register_panel(
        Panel(
            "case", "file", "cases/panels/file.html", file_panel, permission=Permission.CASES_VIEW, order=90,
        )
    )  # fmt: skip
