"""The agency changes its lists of the desk: the ladder of arguments (S004-19), codes of suspicion (S004-64).

A word is retired and may come back; it is never deleted, because results that were recorded with it go on naming it.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from audit import record
from cases import arguments, suspicions
from cases.models import DeskWord
from common.refusals import NotUnderstood, Refused

KEPT = record.kind("agency.desk_word_kept", gettext_lazy("A word of the desk was kept: %(word)s."))
MOVED = record.kind("agency.desk_word_moved", gettext_lazy("A step of the ladder of arguments was moved: %(word)s."))
RETIRED = record.kind("agency.desk_word_retired", gettext_lazy("A word of the desk was retired: %(word)s."))
RESTORED = record.kind("agency.desk_word_restored", gettext_lazy("A word of the desk is used again: %(word)s."))

MOST = 40
"""Of one list: what nobody can read through is no list."""
Kind = DeskWord.Kind


class WordMissing(NotUnderstood):
    field = "label"


class WordIsThere(Refused):
    """The list has this word already."""

    field = "label"


class ListIsFull(Refused):
    field = "label"


class NotMoved(Refused):
    """The step is the first or the last already."""


def add_suspicion(label: str, *, by: Membership, now: datetime) -> DeskWord:
    """A code of suspicion of the agency's own.

    Raises:
        WordMissing, WordIsThere, ListIsFull.
    """
    label = " ".join(label.split())
    with transaction.atomic():
        own = _locked(by, Kind.SUSPICION)
        _check_label(label, [str(name) for name in suspicions.FIXED.values()] + [word.label for word in own])
        _check_room(own)
        word: DeskWord = DeskWord.objects.create(
            kind=Kind.SUSPICION, code=_free("OWN", own), label=label, place=len(own) + 1
        )
        _tell(KEPT, word, by=by, now=now)
    return word


def keep_argument(code: str, *, label: str, texts: Mapping[str, str], by: Membership, now: datetime) -> DeskWord:
    """Keep the agency's words of a step; `code` "" adds a step at the end. Empty texts leave the product's own.

    Raises:
        WordMissing: a step of the agency's own without a name or without any text; WordIsThere, ListIsFull.
    """
    label = " ".join(label.split())
    given = {language: text.strip() for language, text in texts.items() if text.strip()}
    builtin = {one[0] for one in arguments.DEFAULTS}
    with transaction.atomic():
        rows = _ladder_rows(by)
        if code not in builtin and (not label or not given):
            raise WordMissing(_("Name the step and write what is said, in one language at least."))
        others = [str(step.label) for step, _said in arguments.whole_ladder(rows) if step.code != code]
        if label:
            _check_label(label, others)
        word = next((row for row in rows if row.code == code), None)
        if word is None:
            _check_room(rows)
            word = DeskWord(kind=Kind.ARGUMENT, code=_free("STEP", rows), place=len(rows) + 1)
        word.label, word.texts = label, given
        word.save()
        _tell(KEPT, word, by=by, now=now)
    return word


def move_argument(code: str, *, up: bool, by: Membership, now: datetime) -> DeskWord:
    """One step up or down the ladder.

    Raises:
        NotMoved.
    """
    with transaction.atomic():
        rows = _ladder_rows(by)
        at = next(place for place, row in enumerate(rows) if row.code == code)
        to = at - 1 if up else at + 1
        if not 0 <= to < len(rows):
            raise NotMoved(_("The step stands at the end of the ladder already."))
        rows[at], rows[to] = rows[to], rows[at]
        for place, row in enumerate(rows, start=1):
            row.place = place
        DeskWord.objects.bulk_update(rows, ["place"])
        _tell(MOVED, rows[to], by=by, now=now)
    return rows[to]


def use(kind: str, code: str, *, active: bool, by: Membership, now: datetime) -> DeskWord:
    """Retire a word, or use it again. Doing it twice changes nothing."""
    with transaction.atomic():
        rows = _ladder_rows(by) if kind == Kind.ARGUMENT else _locked(by, kind)
        word = next(row for row in rows if row.code == code)
        if word.is_active != active:
            word.is_active = active
            word.save(update_fields=["is_active"])
            _tell(RESTORED if active else RETIRED, word, by=by, now=now)
    return word


def _ladder_rows(by: Membership) -> list[DeskWord]:
    """The ladder as rows of the agency: from the first change on, its order is the agency's."""
    rows = _locked(by, Kind.ARGUMENT)
    known = {row.code for row in rows}
    missing = [code for code, _label, _say in arguments.DEFAULTS if code not in known]
    for place, code in enumerate(missing, start=len(rows) + 1):
        rows.append(DeskWord.objects.create(kind=Kind.ARGUMENT, code=code, place=place))
    return rows


def _locked(by: Membership, kind: str) -> list[DeskWord]:
    """The list's rows, with the agency locked so that two people do not change it at once."""
    type(by.agency).objects.select_for_update(no_key=True).only("id").get(id=by.agency_id)
    return list(DeskWord.objects.filter(kind=kind).order_by("place", "id"))


def _check_label(label: str, others: list[str]) -> None:
    if not label:
        raise WordMissing(_("Write the word."))
    if label.casefold() in {other.casefold() for other in others}:
        raise WordIsThere(_("The list has this word already; a retired one can be used again."))


def _check_room(rows: list[DeskWord]) -> None:
    if len(rows) >= MOST:
        raise ListIsFull(_("A list holds %(most)s words at most.") % {"most": MOST})


def _free(stem: str, rows: list[DeskWord]) -> str:
    taken = {row.code for row in rows}
    return next(code for number in range(1, MOST + 2) if (code := f"{stem}_{number}") not in taken)


def _tell(kind: str, word: DeskWord, *, by: Membership, now: datetime) -> None:
    names = {code: label for code, label, _say in arguments.DEFAULTS}
    record.record(kind, by=by.user, subject_id=word.id, at=now, word=word.label or str(names.get(word.code, word.code)))
