"""The codes of results that every agency starts with; it may rename them and add its own."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from agencies.models import Agency
from agencies.scope import current_agency_id
from cases.models import DispositionCode

Row = tuple[str, Any, str, str, str, str, int, bool]

DEFAULTS: tuple[Row, ...] = (
    # code, label, key, colour, outcome, effect, recall days, asks for the reason of non-payment
    ("PROMISE", _("Promised to pay"), "1", "ok", "CONVERSATION", "PROMISE", 7, True),
    ("SAYS_PAID", _("Says it is paid"), "2", "ok", "CONVERSATION", "CLAIMS_PAID", 3, False),
    ("CALL_BACK", _("Call back"), "3", "info", "CONVERSATION", "NONE", 1, True),
    ("NO_ANSWER", _("No answer"), "4", "neutral", "NO_ANSWER", "NONE", 1, False),
    ("BUSY", _("Busy or voicemail"), "5", "neutral", "NO_ANSWER", "NONE", 0, False),
    ("WRONG_NUMBER", _("Wrong number"), "6", "warn", "WRONG_NUMBER", "INVALIDATE", 0, False),
    ("THIRD_PARTY", _("Spoke with someone else"), "7", "neutral", "THIRD_PARTY", "NONE", 1, False),
    ("REFUSES", _("Refuses to pay"), "8", "bad", "CONVERSATION", "NONE", 7, True),
    ("DISPUTES", _("Disputes the debt"), "9", "bad", "CONVERSATION", "DISPUTE", 14, True),
    ("NO_CONTACT", _("Worked without contact"), "0", "neutral", "NO_CONTACT", "NONE", 1, False),
    ("FRAUD", _("Suspected fraud"), "f", "bad", "CONVERSATION", "FRAUD", 0, False),
    ("DECEASED", _("Deceased"), "d", "bad", "THIRD_PARTY", "DECEASED", 14, False),
    ("NO_FURTHER_CONTACT", _("Wants no further contact"), "x", "bad", "CONVERSATION", "CEASE", 14, True),
    ("HARDSHIP", _("In hardship"), "i", "warn", "CONVERSATION", "HARDSHIP", 30, True),
    ("REPRESENTED", _("Represented by a lawyer"), "r", "warn", "CONVERSATION", "REPRESENTED", 14, False),
    ("SKIP_TRACE", _("Send to skip tracing"), "k", "warn", "NO_CONTACT", "SKIP_TRACE", 0, False),
)


def seed_codes() -> int:
    """Give the agency in scope the default codes it lacks, named in its language. Returns how many were added."""
    language = Agency.objects.values_list("language", flat=True).get(id=current_agency_id())
    known = set(DispositionCode.objects.values_list("code", flat=True))
    with override(language):
        added = [
            DispositionCode(
                code=code, label=str(label), key=key, colour=colour, outcome=outcome, effect=effect, recall_days=days,
                asks_reason=asks, order=place * 10,
            )
            for place, (code, label, key, colour, outcome, effect, days, asks) in enumerate(DEFAULTS, start=1)
            if code not in known
        ]  # fmt: skip
    return len(DispositionCode.objects.bulk_create(added))
