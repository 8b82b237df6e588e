"""What was said and agreed in the demo's talks: steps of the ladder of arguments, ways of paying, the agency's own words.

All of it follows from contract and day, so that the rest of the story goes as it went.
"""

from datetime import datetime, timedelta
from random import Random

from agencies.models import Membership
from cases import arguments, desk_words, paying_ways
from cases.models import Case, Promise
from debtors.models import PayingWay

SUSPICIONS = {
    "ro": ("Acte ale altei persoane", "Adeverință de salariu falsă"),
    "en": ("Papers of another person", "False proof of wages"),
}
OWN_WORDS = {
    "ro": {"ro": "Cu fiecare zi se adaugă penalități. O plată astăzi le oprește."},
    "lt": {"lt": "Delspinigiai auga kasdien. Mokėjimas šiandien juos sustabdo."},
}
BANKS = {"MD": "Banca Codru", "LT": "Nemuno bankas"}
WAYS = (
    PayingWay.ONLINE, PayingWay.ONLINE, PayingWay.BRANCH, PayingWay.BRANCH, PayingWay.CARD, PayingWay.STANDING_ORDER,
    PayingWay.DIRECT_DEBIT,
)  # fmt: skip


def write_lists(language: str, *, by: Membership, now: datetime) -> None:
    """The agency's own codes of suspicion, and its own words for one argument."""
    for label in SUSPICIONS.get(language, SUSPICIONS["en"]):
        desk_words.add_suspicion(label, by=by, now=now)
    if language in OWN_WORDS:
        desk_words.keep_argument("PENALTY", label="", texts=OWN_WORDS[language], by=by, now=now)


def argument_of(case: Case) -> str:
    """How far this talk climbed: one step beyond the last one."""
    steps = arguments.steps_for(arguments.all_words(), [])
    return arguments.next_after(steps, arguments.last_reached(case)) or steps[-1].code


def fresh_number(case: Case) -> str:
    """What the holder of dead numbers says when asked at the door; every second one gives none."""
    prefix, digits = {"MD": ("+37369", 6), "LT": ("+3706", 7)}.get(case.mandate.jurisdiction, ("+37369", 6))
    return f"{prefix}{case.id * 7919 % 10**digits:0{digits}d}" if case.id % 2 else ""


def agree_way(promise: Promise, *, by: Membership, now: datetime) -> None:
    """How the promise will be paid; of every sixth nobody asked."""
    case = promise.case
    lot = Random(f"way {case.contract_no}")
    if lot.random() < 1 / 6:
        return
    way = lot.choice(WAYS)
    bank = BANKS.get(case.mandate.jurisdiction, "")
    terms = paying_ways.Terms(way)
    if way == PayingWay.STANDING_ORDER:
        sum_each = case.original_instalment or promise.amount
        terms = paying_ways.Terms(way, bank=bank, amount=sum_each, day_of_month=lot.choice((5, 10, 25)))
    elif way == PayingWay.DIRECT_DEBIT:
        signed = lot.random() < 0.5
        terms = paying_ways.Terms(
            way, bank=bank, reference=f"DD-{case.id:06d}" if signed else "",
            signed_on=now.date() - timedelta(days=1) if signed else None, amount=promise.amount,
        )  # fmt: skip
    paying_ways.agree(case, terms, promise=promise, by=by, now=now)
