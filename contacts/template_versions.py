"""Templates as versions: written by one person, approved by another, never edited, chosen in the debtor's language."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from agencies.actors import Actor, user_of
from agencies.models import Agency
from agencies.scope import current_agency_id
from audit import record
from common.refusals import Refused
from contacts import templating
from contacts.models import Template

WRITTEN = record.kind("template.written", _lazy("A version of a template was written"))
APPROVED = record.kind("template.approved", _lazy("A version of a template was approved"))
RETIRED = record.kind("template.retired", _lazy("A version of a template was retired"))


class SecondPersonNeeded(Refused):
    """Whoever wrote a text may not approve it."""


class AlreadyDecided(Refused):
    """The version was approved or retired before."""


def write(
    *, name: str, channel: str, language: str, kind: str, subject: str = "", body: str, elements: Iterable[str] = (),
    by: Actor, now: datetime,
) -> Template:  # fmt: skip
    """Store a new version. `elements`: what the author declares it to hold, beside what is detected.

    Raises:
        templating.TextNotUnderstood: the text or the subject cannot be read.
    """
    if subject:
        templating.read(subject)
    found = templating.detected_elements(channel=channel, body=body)
    with transaction.atomic():
        versions = Template.objects.filter(name=name, channel=channel, language=language)
        last = versions.aggregate(last=Max("version"))["last"] or 0
        template: Template = Template.objects.create(
            name=name, channel=channel, language=language, kind=kind, version=last + 1, subject=subject, body=body,
            elements=list(dict.fromkeys([*found, *elements])), created_by=user_of(by), created_at=now,
        )  # fmt: skip
        record.record(WRITTEN, by=user_of(by), subject_id=template.id, at=now, name=name, version=template.version)
    return template


def approve(template: Template, *, by: Actor, now: datetime) -> Template:
    """Put a version into use; the earlier ones in use are retired with it.

    Raises:
        SecondPersonNeeded, AlreadyDecided
    """
    user = user_of(by)
    if user is not None and template.created_by_id == user.pk:
        raise SecondPersonNeeded(_("Somebody else must approve what you wrote."))
    with transaction.atomic():
        changed = Template.objects.filter(id=template.id, approved_at=None, retired_at=None).update(
            approved_by=user, approved_at=now
        )
        if changed != 1:
            raise AlreadyDecided(_("This version was already approved or retired."))
        Template.objects.filter(
            name=template.name, channel=template.channel, language=template.language, version__lt=template.version,
            retired_at=None,
        ).update(retired_at=now)  # fmt: skip
        template.refresh_from_db()
        record.record(APPROVED, by=user, subject_id=template.id, at=now, name=template.name, version=template.version)
    return template


def retire(template: Template, *, by: Actor, now: datetime) -> Template:
    """Take a version out of use."""
    with transaction.atomic():
        if Template.objects.filter(id=template.id, retired_at=None).update(retired_at=now) != 1:
            raise AlreadyDecided(_("This version was already retired."))
        template.refresh_from_db()
        record.record(
            RETIRED, by=user_of(by), subject_id=template.id, at=now, name=template.name, version=template.version
        )
    return template


class Choices:
    """The approved texts of one template name and channel, by language, with the agency's language to fall back on."""

    def __init__(self, *, name: str, channel: str) -> None:
        rows = Template.objects.filter(name=name, channel=channel, retired_at=None).exclude(approved_at=None)
        self._by_language: dict[str, Template] = {row.language: row for row in rows.order_by("version")}
        self._fallback = Agency.objects.values_list("language", flat=True).get(id=current_agency_id())

    def __bool__(self) -> bool:
        return bool(self._by_language)

    def languages(self) -> list[str]:
        return sorted(self._by_language)

    def in_language(self, language: str) -> Template | None:
        """The text in the debtor's language, else in the agency's, else none."""
        return self._by_language.get(language) or self._by_language.get(self._fallback)

    def all(self) -> list[Template]:
        return list(self._by_language.values())
