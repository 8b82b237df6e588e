"""What a case shows of its contacts: messages and calls, what the debtor wrote back, and contacts to be approved."""

from typing import Any

from django.http import HttpRequest

from cases.models import Case
from contacts import gate, sentences
from contacts.models import ApprovalRequest, Campaign, CarrierNews, Contact, Message

SHOWN = 15


def messages(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """Messages with their state and the gate's reason, and what came back."""
    rows = list(Message.objects.filter(case=case).select_related("template").order_by("-id")[:SHOWN])
    if not rows:
        return None
    replies = CarrierNews.objects.filter(message__case=case, status="received").order_by("-id")[:5]
    return {"rows": shown(rows), "replies": list(replies)}


def shown(rows: list[Message]) -> list[tuple[Message, Message.State, str]]:
    """Each message with its state and, when the gate held it back, the reason."""
    return [
        (row, Message.State(row.state), sentences.short(row.refusal_codes) if row.refusal_codes else "") for row in rows
    ]


def unpermitted(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """Contacts that left without a permit stand out on the case."""
    rows = list(Contact.objects.filter(case=case, unpermitted=True, direction="OUT").order_by("-id")[:5])
    return {"rows": rows} if rows else None


def approvals(request: HttpRequest, _subject: Any) -> dict[str, Any] | None:
    """Contacts that wait for a second person; those of cancelled campaigns will not leave, so nobody is asked."""
    waiting = (
        ApprovalRequest.objects.filter(decided_at=None)
        .exclude(decision__campaign_run__campaign__state=Campaign.State.CANCELLED)
        .select_related("decision", "case__debtor", "asked_by", "decision__contact_point")
        .order_by("id")[:100]
    )
    rows = [(one, gate.sentence(one.decision), one.asked_by_id == request.user.pk) for one in waiting]
    return {"rows": rows} if rows else None
