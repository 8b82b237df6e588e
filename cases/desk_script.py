"""What to say, in the debtor's language, and how to be sure who is speaking.

Until two of three checks are passed, only the text for third parties is shown: it names no debt, no sum and no creditor
(S004-22, S004-71…74). The order is greeting, recap, agreement; arguments come as an accordion (S004-19, S004-21).
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
        _lazy("You can pay by phone or internet banking, in any town, or by standing order."),
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
class Script:
    language: str
    greeting: str
    to_others: str
    checks: Sequence[Check]
    recap: str
    agreement: str
    close: str
    objections: Sequence[Objection]


def script_of(case: Case, *, city: str, member: Membership, as_of: date) -> Script:
    """Fill the script for one case."""
    debtor, agency = case.debtor, member.agency
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
            objections=[Objection(str(heard), str(say)) for heard, say in OBJECTIONS],
        )


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
