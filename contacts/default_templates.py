"""The texts an agency starts with, in every language, so that it can write on its first day.

They live in `default_texts/<language>.yaml`. They came with the product, so nobody of the agency has approved them:
`approved_by` is empty and pages say so.
"""

from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from django.utils import timezone

from agencies.models import Agency
from contacts import templating
from contacts.models import MessageKind, Template

LANGUAGES = ("en", "ro", "it", "cs", "lt", "ru")

PLAN_BROKEN = "plan-broken"
"""The letter that `contacts.plan_letters` queues when a payment plan breaks."""
PURPOSES: dict[str, tuple[str, str]] = {
    "payment-reminder": ("SMS", MessageKind.REMINDER),
    "promise-confirmation": ("SMS", MessageKind.PROMISE_CONFIRMATION),
    "voice-reminder": ("IVM", MessageKind.REMINDER),
    "notification-letter": ("LETTER", MessageKind.NOTIFICATION),
    "warning-letter": ("LETTER", MessageKind.WARNING),
    PLAN_BROKEN: ("LETTER", MessageKind.WARNING),
    "first-notice": ("LETTER", MessageKind.FIRST_NOTICE),
    "assignment-notice": ("LETTER", MessageKind.ASSIGNMENT_NOTICE),
}
"""Name of the template -> its channel and the kind of message it is."""


@lru_cache(maxsize=8)
def texts(language: str) -> dict[str, dict[str, Any]]:
    """The shipped texts of one language, by name."""
    source = (files("contacts") / "default_texts" / f"{language}.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = yaml.safe_load(source)
    return found


def create(agency: Agency) -> None:
    """Write the shipped texts into an agency's scope; those it has already stay as they are."""
    now = timezone.now()
    Template.objects.bulk_create(
        [_template(agency, language, name, now) for language in LANGUAGES for name in PURPOSES], ignore_conflicts=True
    )


def _template(agency: Agency, language: str, name: str, now: Any) -> Template:
    text = texts(language)[name]
    channel, kind = PURPOSES[name]
    body = str(text["body"]).strip()
    elements = [*templating.detected_elements(channel=channel, body=body), *text.get("elements", ())]
    return Template(
        agency=agency, name=name, channel=channel, language=language, kind=kind, version=1,
        subject=text.get("subject", ""), body=body, elements=list(dict.fromkeys(elements)), approved_at=now,
    )  # fmt: skip
