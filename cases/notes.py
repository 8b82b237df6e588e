"""Free comments on a case; the text stays in the note, history only says that there is one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actors import Actor, user_of
from audit import record
from cases.models import Case, Note
from common.refusals import NotUnderstood

ADDED = record.kind("case.note_added", gettext_lazy("A note was added."))
PINNED = record.kind("case.note_pinned", gettext_lazy("A note was pinned."))


class NoteIsEmpty(NotUnderstood):
    field = "text"


def add_note(case: Case, *, text: str, by: Actor, now: datetime, pinned: bool = False) -> Note:
    """Keep a comment of at most 4,000 characters.

    Raises:
        NoteIsEmpty: nothing is written, or more than that.
    """
    text = text.strip()
    if not text:
        raise NoteIsEmpty(_("Write something, or leave the note out."))
    if len(text) > 4000:
        raise NoteIsEmpty(_("A note holds at most 4,000 characters."))
    with transaction.atomic():
        note: Note = Note.objects.create(case=case, text=text, pinned=pinned, by=user_of(by))
        record.record(ADDED, by=user_of(by), case_id=case.id, subject_id=note.id, at=now)
    return note


def pin(note: Note, *, by: Actor, now: datetime) -> Note:
    """Keep a note on top of the timeline."""
    note.pinned = True
    with transaction.atomic():
        note.save(update_fields=["pinned"])
        record.record(PINNED, by=user_of(by), case_id=note.case_id, subject_id=note.id, at=now)
    return note
