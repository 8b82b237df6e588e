"""From a received file to one that can be checked: what it is, whose mapping fits, what must be asked."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from audit import record
from common.folding import fold
from common.refusals import Refused
from portfolios import suggesting
from portfolios.mapping import Column, MappingRefused, Spec, fingerprint, problems_of, spec_of
from portfolios.models import CaseFile, CaseFileRow, Mapping
from portfolios.reading import Detected, FileRefused, detect, rows
from portfolios.receiving import begin, path_of

FILE_REFUSED = record.kind("case_file.refused", _("Case file %(case_file_id)s was refused: %(reason)s."))
MAPPING_ASKED = record.kind(
    "case_file.mapping_asked", _("Case file %(case_file_id)s waits for its columns to be mapped.")
)
MAPPED = record.kind("case_file.mapped", _("The columns of case file %(case_file_id)s were mapped."))

State = CaseFile.State


class FileIsPastMapping(Refused):
    """The file's rows were confirmed or refused already."""


def inspect(case_file: CaseFile, *, now: datetime) -> None:
    """Read the file once through; choose the remembered mapping, or suggest one and wait for a person.

    A file that cannot be read becomes REFUSED with row and column.
    """
    path = path_of(case_file)
    try:
        detected = detect(path)
        remembered = _remembered(case_file, detected)
        if remembered and remembered.spec.get("reading"):
            detected = detect(path, **remembered.spec["reading"])
        total = sum(1 for _row in rows(path, detected))
        found = suggesting.profiles(path, detected)
    except FileRefused as refusal:
        refuse(case_file, refusal)
        return
    case_file.rows_total = total
    case_file.detected = detected.as_json() | {
        "samples": {profile.name: profile.samples for profile in found},
        "filled": {profile.name: profile.filled for profile in found},
    }
    known = _fitted(spec_of(remembered.spec), detected) if remembered else None
    if remembered and known and not problems_of(known, detected.header):
        spec, questions = suggesting.with_conventions(known, found, path, detected)
        if not questions:
            _begin_check(case_file, remembered, spec, now=now)
            return
        suggestion = spec
    else:
        base = known or suggesting.suggest(found, country=_country(case_file))
        suggestion, questions = suggesting.with_conventions(base, found, path, detected)
    case_file.detected |= {"suggestion": suggestion.as_json(), "questions": questions}
    case_file.state = State.NEEDS_MAPPING
    with transaction.atomic():
        case_file.save(update_fields=["detected", "rows_total", "state"])
        record.record(MAPPING_ASKED, subject_id=case_file.id, case_file_id=case_file.id)


def apply_mapping(case_file: CaseFile, *, spec: Spec, by: User, now: datetime) -> CaseFile:
    """Take a person's mapping, remember it for the creditor, and check the file (again).

    Raises:
        FileIsPastMapping: rows were confirmed already.
        MappingRefused: undecided or doubled columns, missing fields, questions without an answer. The details list
            each problem with its column.
        FileRefused: the encoding, delimiter, sheet or model chosen does not read the file.
    """
    with transaction.atomic():
        case_file = CaseFile.objects.select_for_update().get(id=case_file.id)
        if case_file.state not in (State.NEEDS_MAPPING, State.CHECKED, State.CHECKING):
            raise FileIsPastMapping(str(_("This file can no longer be mapped.")))
        path = path_of(case_file)
        detected = detect(path, **spec.reading)
        found = suggesting.profiles(path, detected)
        problems = problems_of(spec, detected.header)
        settled, questions = suggesting.with_conventions(spec, found, path, detected)
        settled = replace(settled, negate=spec.negate or settled.negate)
        problems += [_as_problem(question) for question in questions]
        if problems:
            raise MappingRefused(problems[0]["sentence"], problems=problems, questions=questions)
        mapping, _is_new = Mapping.objects.update_or_create(
            creditor_id=case_file.creditor_id, fingerprint=fingerprint(detected.header),
            defaults={"spec": settled.as_json(), "updated_by": by},
        )  # fmt: skip
        case_file.rows_total = sum(1 for _row in rows(path, detected))
        case_file.detected = detected.as_json() | {
            "samples": {profile.name: profile.samples for profile in found},
            "filled": {profile.name: profile.filled for profile in found},
        }
        _begin_check(case_file, mapping, settled, now=now)
        record.record(MAPPED, by=by, subject_id=case_file.id, case_file_id=case_file.id)
        begin(case_file)
    return case_file


def refuse(case_file: CaseFile, refusal: FileRefused) -> None:
    """The file as a whole cannot be taken; the creditor sees row and column."""
    with transaction.atomic():
        case_file.state = State.REFUSED
        case_file.problem = refusal.as_problem()
        case_file.save(update_fields=["state", "problem"])
        record.record(FILE_REFUSED, subject_id=case_file.id, case_file_id=case_file.id, reason=refusal.reason)


def _begin_check(case_file: CaseFile, mapping: Mapping, spec: Spec, *, now: datetime) -> None:
    if mapping.spec != spec.as_json():
        mapping.spec = spec.as_json()
        mapping.save(update_fields=["spec", "updated_at"])
    CaseFileRow.objects.filter(case_file=case_file).delete()
    case_file.mapping = mapping
    case_file.state = State.CHECKING
    case_file.rows_done = case_file.last_line = 0
    case_file.step_began_at = now
    case_file.counts, case_file.sums = {}, {}
    case_file.as_of = now.astimezone(_zone(case_file)).date()
    case_file.save()


def _remembered(case_file: CaseFile, detected: Detected) -> Mapping | None:
    found: Mapping | None = Mapping.objects.filter(
        creditor_id=case_file.creditor_id, fingerprint=fingerprint(detected.header)
    ).first()
    return found


def _fitted(spec: Spec, detected: Detected) -> Spec:
    """A spec with exactly the columns of this file, recognised whatever their case and accents."""
    known = {fold(column.column) or column.column: column for column in spec.columns}
    columns = tuple(replace(known.get(fold(name) or name) or Column(name), column=name) for name in detected.header)
    return replace(spec, columns=columns)


def _as_problem(question: dict[str, Any]) -> dict[str, str]:
    sentences = {
        "dates": _("Say in which order days are written in “%(column)s”."),
        "decimal": _("Say which mark separates decimals in “%(column)s”."),
    }
    column = question["column"]
    return {
        "code": f"ask_{question['kind']}",
        "column": column,
        "sentence": str(sentences[question["kind"]] % {"column": column}),
    }


def _country(case_file: CaseFile) -> str:
    return str(case_file.portfolio.mandate.jurisdiction[:2])


def _zone(case_file: CaseFile) -> ZoneInfo:
    return ZoneInfo(case_file.agency.time_zone)
