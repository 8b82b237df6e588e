"""The ladder of arguments (S004-19): what is said to a debtor who hesitates, step by step, and how far a talk went.

Every agency starts with the six steps of the procedure, spoken in the debtor's language. It may write its own words for
a step in any language, add steps, change their order, and retire what it does not say. The step that was reached is
kept with the result of the talk, so that the next call goes on from there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from cases.models import Case, DeskWord, Disposition, PartyRole

BESIDE = frozenset({PartyRole.CODEBTOR, PartyRole.GUARANTOR, PartyRole.MORTGAGE_GUARANTOR})
GUARANTOR = "GUARANTOR"
"""The step that is said only where somebody else answers for the debt too."""


@dataclass(frozen=True)
class Argument:
    """One step. `texts`: the agency's own words by language; `say`: the product's, "" for an own step."""

    number: int
    code: str
    label: str | Lazy
    say: str | Lazy
    texts: dict[str, str]
    word: DeskWord | None = None

    def spoken(self, language: str, fallback: str = "") -> str:
        """What to say in a language: the agency's words, else the product's, else the agency's in another language."""
        own = self.texts.get(language) or ("" if self.say else self.texts.get(fallback) or next(_given(self), ""))
        return own or str(self.say)


def _given(argument: Argument) -> Iterator[str]:
    return iter([text for text in argument.texts.values() if text])


DEFAULTS: tuple[tuple[str, str | Lazy, str | Lazy], ...] = (
    (
        "HISTORY", _("good payment history"),
        _("If you pay now, your payment history stays good, and you may still ask to defer an instalment later."),
    ),
    ("PENALTY", _("penalty interest"), _("Penalty interest grows with each day. A payment today stops it.")),
    (
        "BUREAU", _("record at the credit bureau"),
        _("Arrears can be recorded at the credit bureau, and other lenders will see them."),
    ),
    (
        "INSOLVENCY", _("possible insolvency"),
        _("Debts that go on growing can end in insolvency. A payment you can afford now keeps you away from it."),
    ),
    (
        "LEGAL", _("legal pursuit and foreclosure"),
        _(
            "The creditor can go to court and enforce the debt against property; all costs of it would be added to "
            "what you owe."
        ),
    ),
    (
        GUARANTOR, _("co-payer and guarantor"),
        _("The creditor can also turn to whoever signed with you as co-payer or guarantor. You can spare them that."),
    ),
)  # fmt: skip
"""Code, name for the collector, words for the debtor."""


def words_of(kind: str, words: Iterable[DeskWord]) -> list[DeskWord]:
    return sorted((word for word in words if word.kind == kind), key=lambda word: (word.place, word.id))


def all_words() -> list[DeskWord]:
    """The agency's own words of both lists, retired ones too: one statement."""
    return list(DeskWord.objects.order_by("kind", "place", "id"))


def whole_ladder(words: Iterable[DeskWord]) -> list[tuple[Argument, bool]]:
    """Every step in its order with whether it is said; steps that are not said carry the number 0."""
    own = words_of(DeskWord.Kind.ARGUMENT, words)
    known = {code: (label, say) for code, label, say in DEFAULTS}
    missing = [DeskWord(code=code) for code, _label, _say in DEFAULTS if code not in {word.code for word in own}]
    found, number = [], 0
    for word in [*own, *missing]:
        label, say = known.get(word.code, (word.code, ""))
        number += word.is_active
        found.append(
            (
                Argument(
                    number if word.is_active else 0, word.code, word.label or label, say, word.texts,
                    word if word.pk else None,
                ),
                word.is_active,
            )
        )  # fmt: skip
    return found


def ladder(words: Iterable[DeskWord]) -> list[Argument]:
    """The steps that are said, from the first to the last."""
    return [step for step, said in whole_ladder(words) if said]


def steps_for(words: Iterable[DeskWord], roles: Iterable[str]) -> list[Argument]:
    """The ladder of one case: nobody is told of a guarantor where there is none. Numbers stay as they are."""
    beside = bool(BESIDE & set(roles))
    return [step for step in ladder(words) if beside or step.code != GUARANTOR]


def last_reached(case: Case) -> str:
    """Code of the step the last talk reached; "" when no talk got to one."""
    if case.last_worked_at is None:
        return ""
    found: str | None = (
        Disposition.objects.filter(case=case, undone_at=None)
        .exclude(argument="")
        .order_by("-id")
        .values_list("argument", flat=True)
        .first()
    )
    return found or ""


def next_after(steps: Sequence[Argument], reached: str) -> str:
    """Code of the step to go on with: the one after what was reached; "" when the ladder is climbed."""
    codes = [step.code for step in steps]
    at = codes.index(reached) + 1 if reached in codes else 0
    return codes[at] if at < len(codes) else ""
