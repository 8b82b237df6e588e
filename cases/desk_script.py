"""What to say, in the debtor's language, and how to be sure who is speaking.

Until two of three checks are passed, only the text for third parties is shown: it names no debt, no sum and no creditor
(S004-22, S004-71…74). The order is greeting, recap, agreement; answers to objections come as an accordion (S004-21),
arguments as a ladder that goes on from where the last talk ended (S004-19). A refusal is closed as friendly as an
agreement, with what was spoken of (S004-67). Heirs hear which branch to go to, and with which papers (S004-61).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from babel.numbers import format_currency
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from agencies.models import Membership
from cases.arguments import Argument, next_after
from cases.claimed_payments import proof_sentence
from cases.models import Case

CHECKS_NEEDED = 2
OBJECTIONS = (
    (
        _lazy("I have no money."),
        _lazy("A part, at least one instalment, keeps the way open. Could someone close to you help, or pay for you?"),
    ),
    (
        _lazy("I have paid already."),
        _lazy("Thank you. When, how much and at which bank? I note it, and we check before anyone calls again."),
    ),
    (
        _lazy("I do not owe this."),
        _lazy("I note that you dispute it, and we pause. Which part is wrong? You may also write to us."),
    ),
    (
        _lazy("I have no time to go to a bank."),
        _lazy("You can pay by card, by internet or phone banking, by direct debit or by standing order."),
    ),
    (_lazy("Call me another time."), _lazy("Gladly. On which day and at which hour may I call you?")),
)
"""What debtors say and what may be answered, in the order of use."""


@dataclass(frozen=True)
class Check:
    """One thing only the right person knows: what to ask (in the debtor's language) and the answer to compare with."""

    code: str
    ask: str
    answer: str


@dataclass(frozen=True)
class Objection:
    heard: str
    say: str


@dataclass(frozen=True)
class Rung:
    """One step of the ladder of arguments: its name in the collector's language, its words in the debtor's."""

    number: int
    code: str
    label: str
    say: str
    reached: bool
    is_next: bool


@dataclass(frozen=True)
class Script:
    language: str
    greeting: str
    to_others: str
    checks: Sequence[Check]
    recap: str
    agreement: str
    close: str
    refusal: str
    ask_number: str
    ask_proof: str
    heirs: str
    objections: Sequence[Objection]
    ladder: Sequence[Rung]

    @property
    def reached(self) -> Rung | None:
        return next((rung for rung in self.ladder if rung.reached), None)


def script_of(
    case: Case, *, city: str, member: Membership, as_of: date, steps: Sequence[Argument] = (), reached: str = ""
) -> Script:
    """Fill the script for one case. `steps`: its ladder of arguments; `reached`: the step the last talk got to."""
    debtor, agency = case.debtor, member.agency
    labels = {step.code: str(step.label) for step in steps}
    with translation.override(debtor.language):
        language = (translation.get_language() or "en").split("-")[0]
        words = {
            "debtor": debtor.name,
            "me": member.user.full_name,
            "agency": agency.name,
            "phone": agency.phone or agency.voice_caller,
            "creditor": case.creditor.name,
            "contract": case.contract_no,
            "days": case.dpd(as_of),
            "overdue": _money(case.overdue, case.currency, language),
            "balance": _money(case.balance, case.currency, language),
        }
        return Script(
            language=language,
            greeting=_("Good day. May I speak with %(debtor)s, please?") % words,
            to_others=_(
                "My name is %(me)s. Please ask %(debtor)s to call me back at %(phone)s. "
                "It is a personal matter; I may not say more."
            )
            % words,
            checks=_checks(case, city=city, language=language),
            recap=_(
                "My name is %(me)s, from %(agency)s, on behalf of %(creditor)s. Under contract %(contract)s, "
                "%(overdue)s has been due for %(days)s days. What happened?"
            )
            % words,
            agreement=_(
                "Can you pay %(overdue)s today? If not, which sum, at least one instalment, on which day, and how?"
            )
            % words,
            close=_(
                "Let me repeat what we agreed: the sum, the day and the way of paying. "
                "Thank you; you can reach me at %(phone)s."
            )
            % words,
            refusal=_(
                "Let me repeat what we spoke of: %(overdue)s of contract %(contract)s is still open, and for now you "
                "see no way to pay it. If anything changes, call me at %(phone)s; we will gladly look for a way "
                "together. Thank you for the talk."
            )
            % words,
            ask_number=_("Your numbers we have no longer work. At which number may I reach you?"),
            ask_proof=proof_sentence(case),
            heirs=_heirs(case),
            objections=[Objection(str(heard), str(say)) for heard, say in OBJECTIONS],
            ladder=_ladder(steps, labels, reached, language=language, fallback=agency.language),
        )


def _ladder(
    steps: Sequence[Argument], labels: dict[str, str], reached: str, *, language: str, fallback: str
) -> list[Rung]:
    following = next_after(steps, reached)
    return [
        Rung(
            step.number, step.code, labels[step.code], step.spoken(language, fallback), step.code == reached,
            step.code == following,
        )
        for step in steps
    ]  # fmt: skip


def _heirs(case: Case) -> str:
    """Where an heir goes, and with what; the debt itself is not spoken of (S004-61)."""
    papers = _(
        "There you learn which papers are needed for the insurance file. Bring the death certificate and your identity "
        "document at least."
    )
    if case.branch:
        where = _("I am sorry for your loss. Please go to the branch %(branch)s of %(creditor)s.")
    else:
        where = _("I am sorry for your loss. Please go to the branch of %(creditor)s where the contract was concluded.")
    creditor = case.original_creditor or case.creditor.name
    return f"{where % {'branch': case.branch, 'creditor': creditor}} {papers}"


def _checks(case: Case, *, city: str, language: str) -> list[Check]:
    debtor = case.debtor
    born = format_date(debtor.birth_on, format="long", locale=language) if debtor.birth_on else ""
    ending = debtor.national_id[-4:] if debtor.national_id_sealed is not None else ""
    found = [
        Check("BIRTH", _("What is your date of birth?"), born),
        Check("NATIONAL_ID", _("What are the last four characters of your identity number?"), ending),
        Check("TOWN", _("In which town do you live?"), city),
        Check("CONTRACT", _("What are the last four characters of your contract number?"), case.contract_no[-4:]),
    ]
    return [check for check in found if check.answer][:3]


def _money(amount: object, currency: str, language: str) -> str:
    return str(format_currency(amount, currency, format="#,##0.00 ¤¤", locale=language))  # type: ignore[arg-type]
