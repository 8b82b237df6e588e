"""Score cards: what is listened for in a conversation, with weights. A change is a new version; old ones stay readable.

Source of the usual items: S004-23 (attention: active listening, confirming by repeating, keeping informed, empathy, a
professional tone), S002-02 (asking for the reason), and what the law asks of whoever calls.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from agencies.actors import Actor, user_of
from audit import record
from cases.models import ScoreCard, ScoreItem
from common.refusals import NotUnderstood

ADOPTED = record.kind("quality.card_adopted", gettext_lazy("Version %(version)s of the score card is in use."))

USUAL: Mapping[str, str | Promise] = {
    "LISTENS": gettext_lazy("Listens actively: lets the other finish, asks back"),
    "CONFIRMS": gettext_lazy("Confirms by repeating what was understood"),
    "INFORMS": gettext_lazy("Keeps the other informed: what happens now, and what next"),
    "EMPATHY": gettext_lazy("Shows empathy for the situation"),
    "TONE": gettext_lazy("Keeps a professional tone, whatever the other says"),
    "IDENTIFIES": gettext_lazy("Says who calls and for whom, and checks who is speaking before naming the debt"),
    "REASON": gettext_lazy("Asks for the reason of non-payment and looks for a way to pay"),
    "RECAP": gettext_lazy("Repeats what was agreed: sum, day, way"),
    "NO_THREAT": gettext_lazy("Threatens with nothing and puts nobody under pressure"),
    "RECORDED": gettext_lazy("What was recorded is what was said"),
}
"""Names of the usual items; stored cards keep the code, so that everybody reads them in their language."""
USUAL_CARD = (
    ("LISTENS", 3, False), ("CONFIRMS", 2, False), ("INFORMS", 2, False), ("EMPATHY", 2, False), ("TONE", 3, False),
    ("IDENTIFIES", 3, True), ("REASON", 2, False), ("RECAP", 2, False), ("NO_THREAT", 3, True), ("RECORDED", 1, False),
)  # fmt: skip
MOST_ITEMS = 20


class CardNotUnderstood(NotUnderstood):
    """Items without a name, twice, too many, or with a weight that is none."""


@dataclass(frozen=True)
class Item:
    """One line of a card: a usual `code`, or the agency's own `label`."""

    weight: int
    code: str = ""
    label: str = ""
    fatal: bool = False


def usual_items() -> list[Item]:
    return [Item(weight, code=code, fatal=fatal) for code, weight, fatal in USUAL_CARD]


def adopt(items: Sequence[Item], *, name: str = "", by: Actor, now: datetime) -> ScoreCard:
    """Put a new version in use; the one before is retired and stays with what was judged by it.

    Raises:
        CardNotUnderstood
    """
    _check(items)
    with transaction.atomic():
        last = ScoreCard.objects.select_for_update().order_by("-version").first()
        ScoreCard.objects.filter(retired_at=None).update(retired_at=now)
        card: ScoreCard = ScoreCard.objects.create(
            version=last.version + 1 if last else 1, name=name.strip() or str(_("Conversations")), made_by=user_of(by),
            made_at=now,
        )  # fmt: skip
        ScoreItem.objects.bulk_create(
            [
                ScoreItem(
                    card=card, code=item.code, label=item.label.strip(), weight=item.weight, fatal=item.fatal,
                    order=place,
                )
                for place, item in enumerate(items, start=1)
            ]
        )  # fmt: skip
        record.record(ADOPTED, by=user_of(by), subject_id=card.id, at=now, version=card.version, items=len(items))
    return card


def adopt_usual(*, language: str, now: datetime) -> ScoreCard | None:
    """Give the agency in scope the usual card when it has none: every agency begins with it."""
    if ScoreCard.objects.exists():
        return None
    with override(language):
        return adopt(usual_items(), by=None, now=now)


def in_use() -> ScoreCard | None:
    found: ScoreCard | None = ScoreCard.objects.filter(retired_at=None).first()
    return found


def items_of(card: ScoreCard) -> list[ScoreItem]:
    return list(ScoreItem.objects.filter(card=card).order_by("order", "id"))


def label_of(item: ScoreItem) -> str:
    """The agency's own words, else the usual ones in the reader's language."""
    return item.label or str(USUAL.get(item.code, item.code))


def _check(items: Sequence[Item]) -> None:
    if not 1 <= len(items) <= MOST_ITEMS:
        raise CardNotUnderstood(_("A card has between 1 and %(most)s items.") % {"most": MOST_ITEMS})
    names = [item.label.strip().casefold() or item.code for item in items]
    if not all(names) or any(item.code and item.code not in USUAL for item in items):
        raise CardNotUnderstood(_("Each item needs a name."))
    if len(set(names)) < len(names):
        raise CardNotUnderstood(_("Two items have the same name."))
    if any(not 1 <= item.weight <= 9 for item in items):
        raise CardNotUnderstood(_("Weights go from 1 to 9."))
