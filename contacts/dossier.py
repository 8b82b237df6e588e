"""What this floor brings to a case's dossier: messages and letters that left, their documents, the gate's verdicts."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.dossier import File, Part, register_files, register_part
from cases.models import Case
from common.templatetags.trade import moment
from contacts import gate
from contacts.models import Decision, Message

MOST_DECISIONS = 2000


def messages_part(case: Case) -> Part | None:
    rows: list[tuple[str, ...]] = [
        (
            moment(one.sent_at), one.get_channel_display(), f"{one.template.name} ({one.template.language})",
            one.contact_point.value, one.get_state_display(), one.sha256,
        )
        for one in _left(case)
    ]  # fmt: skip
    if not rows:
        return None
    columns = (_("Sent at"), _("Channel"), _("Text"), pgettext("recipient", "To"), _("State"), "SHA-256")
    return Part(_("Messages and letters"), columns, rows)


def verdicts_part(case: Case) -> Part | None:
    """What the rules said before each contact, refusals too."""
    found = Decision.objects.filter(case=case).exclude(purpose="FORECAST").order_by("-id")[:MOST_DECISIONS]
    rows: list[tuple[str, ...]] = [
        (moment(one.decided_at), one.get_channel_display(), one.get_verdict_display(), gate.sentence(one))
        for one in reversed(found)
    ]
    if not rows:
        return None
    return Part(_("Verdicts of the contact rules"), (_("When"), _("Channel"), _("Verdict"), _("Why")), rows)


def letter_files(case: Case) -> Iterable[File]:
    """The letters as they were printed."""
    for one in _left(case).filter(channel="LETTER").exclude(path=""):
        file = Path(settings.MEDIA_ROOT) / one.path
        if file.exists():
            yield File(f"letters/{one.id:08d}.pdf", file.read_bytes())


def _left(case: Case) -> Any:
    return (
        Message.objects.filter(case=case, sent_at__isnull=False)
        .select_related("template", "contact_point")
        .order_by("sent_at", "id")
    )


def register() -> None:
    register_part("messages", messages_part, order=30)
    register_part("verdicts", verdicts_part, order=40)
    register_files("letters", letter_files)
