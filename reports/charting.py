"""The dashboard's charts: figures turned into marks, each of which opens its rows."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from common.charts import Chart, bar_chart, column_chart
from common.templatetags.trade import day as day_text
from contacts.models import Contact
from portfolios.models import Channel
from reports.figures import ChannelFigure, PromiseFigure, StageFigure, Sums


def outcome_label(code: str) -> str:
    """The outcome of a contact for people: "" is one whose outcome nobody reported yet."""
    known = {
        "": _("Not known yet"), "CONVERSATION": _("Spoke with the debtor"), "THIRD_PARTY": _("Spoke with someone else"),
        "NO_ANSWER": _("No answer"), "WRONG_NUMBER": _("Wrong number"), "NO_CONTACT": _("Worked without contact"),
        "SENT": _("Sent"), "DELIVERED": _("Delivered"), "FAILED": _("Failed"), "UNDELIVERED": _("Not delivered"),
        "ANSWERED": _("Answered"), "BUSY": _("Busy"), "PRINTED": _("Printed"), "MACHINE": _("Answering machine"),
    }  # fmt: skip
    return str(known.get(code, code.replace("_", " ").capitalize()))


def stage_count(figures: Iterable[StageFigure], link: Callable[[StageFigure], str]) -> Chart:
    rows = [{"stage": f.stage.label, "cases": f.cases, "figure": f} for f in figures]
    return bar_chart(rows, x="stage", y="cases", title=_("Cases by stage"), links=lambda row: link(row["figure"]))


def stage_sum(figures: Iterable[StageFigure], currency: str, link: Callable[[StageFigure], str]) -> Chart:
    rows = [{"stage": f.stage.label, "balance": f.balance.get(currency, Decimal(0)), "figure": f} for f in figures]
    return bar_chart(
        rows, x="stage", y="balance", title=_("Balance by stage"), unit=currency, links=lambda row: link(row["figure"])
    )


def promise_states(figures: Mapping[str, PromiseFigure], link: Callable[[PromiseFigure], str]) -> Chart:
    names = {"KEPT": _("Kept"), "BROKEN": _("Broken"), "ACTIVE": _("Not due yet or not judged")}
    rows = [{"state": names[s], "promises": figures[s].promises, "figure": figures[s]} for s in names]
    return bar_chart(rows, x="state", y="promises", title=_("Promises due"), links=lambda row: link(row["figure"]))


def channels(figures: Iterable[ChannelFigure], link: Callable[[ChannelFigure], str]) -> Chart:
    """Contacts by channel, stacked by what came of them."""
    rows: list[dict[str, Any]] = []
    seen: dict[tuple[str, str], dict[str, Any]] = {}
    for figure in figures:
        result = _("Conversation") if figure.kind == Contact.Kind.CONVERSATION else outcome_label(figure.outcome)
        key = (figure.channel, result)
        if key in seen:
            seen[key]["contacts"] += figure.contacts
            continue
        seen[key] = {
            "channel": Channel(figure.channel).label, "outcome": result, "contacts": figure.contacts, "figure": figure,
        }  # fmt: skip
        rows.append(seen[key])
    return bar_chart(
        rows, x="channel", y="contacts", series="outcome", title=_("Contacts by channel and outcome"),
        links=lambda row: link(row["figure"]),
    )  # fmt: skip


def recovered(days: Mapping[date, Sums], currency: str, link: Callable[[date], str]) -> Chart:
    rows = [{"day": day_text(day), "amount": sums.get(currency, Decimal(0)), "on": day} for day, sums in days.items()]
    return column_chart(
        rows, x="day", y="amount", title=_("Recovered by day"), unit=currency, links=lambda row: link(row["on"])
    )
