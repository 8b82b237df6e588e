"""What the rules refused while the demo was told.

People run into refusals every day and go on with the next thing, and so does the story. But a part of it that is always
refused is a defect, of the story or of the product: therefore nothing is passed over without being counted here.
"""

from collections import Counter
from types import TracebackType

from common.refusals import Refused
from contacts.gate import ContactNotAllowed
from contacts.models import Decision


class Refusals:
    """How often each part of an agency's story was refused, and by which rule."""

    def __init__(self) -> None:
        self.counted: dict[str, Counter[str]] = {}

    def passed_over(self, part: str) -> "_PassedOver":
        """`with refusals.passed_over("visits"):` what the rules refuse in there is left undone, and counted."""
        return _PassedOver(self, part)

    def count(self, part: str, refused: Refused) -> None:
        self.counted.setdefault(part, Counter())[_code(refused)] += 1

    def __str__(self) -> str:
        """`visits 12 (contact_not_allowed: hours_night 8, trip_halted 4), plans 2 (advance_too_small 2)`"""
        parts = []
        for part, codes in sorted(self.counted.items()):
            told = ", ".join(f"{code} {count}" for code, count in codes.most_common())
            parts.append(f"{part} {codes.total()} ({told})")
        return "; ".join(parts)


class _PassedOver:
    def __init__(self, refusals: Refusals, part: str) -> None:
        self.refusals, self.part = refusals, part

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Refused):
            return False
        self.refusals.count(self.part, error)
        return True


def _code(refused: Refused) -> str:
    """The refusal's code; the gate's with the rule that said no."""
    if not isinstance(refused, ContactNotAllowed):
        return refused.code
    decision = Decision.objects.filter(id=refused.details.get("decision")).first()
    return f"gate: {'+'.join(decision.codes) if decision else '?'}"
