"""Text messages through the carrier."""

from contacts import carrier, hooks
from contacts.channels.base import Leaving, Result


def send(leaving: Leaving) -> Result:
    """Order one text message; the status callback carries our message id and its proof."""
    return carrier.attempt(
        lambda: carrier.client().messages.create(
            to=leaving.to,
            from_=leaving.sender,
            body=leaving.body,
            status_callback=hooks.url("carrier-status", leaving.agency_id, leaving.message_id),
        ),
        tries=leaving.attempt,
    )
