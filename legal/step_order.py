"""In which order steps can have been done: none before the one it follows, none before the proceeding was opened."""

from datetime import date

from django.utils.translation import gettext as _

from common.refusals import NotUnderstood, Refused
from common.templatetags.trade import day
from legal.models import ProceedingStep
from legal.proceeding_rules import Kind
from legal.proceeding_words import STEPS


class StepBefore(Refused):
    """The step it follows was not reported."""


class DayOutOfOrder(NotUnderstood):
    """Before the opening or the step it follows, or after a step that follows it."""

    field = "done_on"


def check_order(step: ProceedingStep, rules: Kind, *, done_on: date) -> None:
    """Let a step be done on `done_on` only in the order of its proceeding.

    Raises:
        StepBefore, DayOutOfOrder
    """
    if done_on < step.proceeding.opened_on:
        said = {"day": day(step.proceeding.opened_on)}
        raise DayOutOfOrder(_("The proceeding was opened on %(day)s: nothing was done in it before.") % said)
    done = done_of(step)
    before = rules.before(step.code)
    missing = next((code for code in before if code in done or not rules.step(code).optional), None)
    if missing is not None and missing not in done:
        raise StepBefore(_("Report “%(step)s” first.") % {"step": STEPS[missing]})
    for code in before:
        if code in done and done[code] > done_on:
            said = {"step": str(STEPS[code]), "day": day(done[code])}
            raise DayOutOfOrder(_("“%(step)s” was done on %(day)s: this step cannot have been done before.") % said)
    for code, done_later in done.items():
        if step.code in rules.before(code) and done_later < done_on:
            said = {"step": str(STEPS[code]), "day": day(done_later)}
            raise DayOutOfOrder(_("“%(step)s” was done on %(day)s: this step cannot have been done after.") % said)


def done_of(step: ProceedingStep) -> dict[str, date]:
    """The other steps of the proceeding that were done, with their days."""
    found = ProceedingStep.objects.filter(proceeding=step.proceeding, done_on__isnull=False).exclude(id=step.id)
    return dict(found.values_list("code", "done_on"))
