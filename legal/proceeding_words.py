"""What proceedings and their steps are called, in the reader's language; the country's own term stands in the data."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, str | Promise] = {
    "PAYMENT_ORDER": _("Order for payment"),
    "LAWSUIT": _("Lawsuit"),
    "DEMAND": _("Formal demand before enforcement"),
    "ENFORCEMENT": _("Enforcement"),
}
STEPS: dict[str, str | Promise] = {
    "SUMMONS_SERVED": _("Call to pay served on the debtor"),
    "SUMMONS_PERIOD_OVER": _("Time to pay after the call is over"),
    "FILE_CLAIM": _("Claim filed with the court"),
    "CLAIM_SERVED": _("Claim served on the debtor"),
    "DEFENCE_PERIOD_OVER": _("Time for a statement of defence is over"),
    "ORDER_ISSUED": _("Order issued"),
    "ORDER_SERVED": _("Order served on the debtor"),
    "OBJECTION_PERIOD_OVER": _("Time for objections is over"),
    "ANNULMENT_PERIOD_OVER": _("Time to ask for annulment is over"),
    "HEARING": _("Hearing"),
    "JUDGMENT": _("Judgment"),
    "JUDGMENT_SERVED": _("Judgment served"),
    "APPEAL_PERIOD_OVER": _("Time for an appeal is over"),
    "ENFORCEABLE_TITLE": _("Enforceable title obtained"),
    "DEMAND_SERVED": _("Formal demand served on the debtor"),
    "DEMAND_PERIOD_OVER": _("Time to pay after the demand is over"),
    "SEIZURE_BEGINS": _("Enforcement begun before the demand lapses"),
    "BAILIFF_ASKED": _("Bailiff asked to enforce"),
    "ENFORCEMENT_OPENED": _("Enforcement opened"),
    "ENFORCEMENT_SERVED": _("Enforcement served on the debtor"),
    "VOLUNTARY_PERIOD_OVER": _("Time to pay of one's own will is over"),
    "CONTEST_PERIOD_OVER": _("Time to contest the enforcement is over"),
    "SEIZURE": _("Seizure"),
    "SALE_ASKED": _("Sale or assignment asked for"),
    "SALE": _("Sale or assignment"),
}
