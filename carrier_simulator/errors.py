"""The vendor's errors, and the refusals of the simulator itself, in the vendor's shape."""

from __future__ import annotations

import json
from dataclasses import dataclass

# code → (HTTP status, sentence). `{to}` and `{from}` are filled in when the request has them.
VENDOR_ERRORS: dict[int, tuple[int, str]] = {
    20001: (400, "A parameter is not valid."),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20006: (400, "The page size must lie between 1 and 1000."),
    20404: (404, "The requested resource was not found."),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    20502: (502, "Bad Gateway"),
    21201: (400, "No 'To' number is specified."),
    21205: (400, "A 'Url' or a 'Twiml' parameter is required."),
    21211: (400, "The 'To' number {to} is not a valid phone number."),
    21212: (400, "The 'From' number {from} is not a valid phone number, shortcode, or alphanumeric sender ID."),
    21213: (400, "No 'From' number is specified."),
    21220: (400, "The call has already ended, or cannot change in this way."),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number or a 'MessagingServiceSid' is required."),
    21604: (400, "A 'To' phone number is required."),
    21609: (400, "The 'StatusCallback' URL is not valid."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21614: (400, "'To' number is not a valid mobile number: {to}"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit."),
    21626: (400, "A 'StatusCallbackEvent' is not one of initiated, ringing, answered, completed."),
    30409: (400, "The message cannot be canceled any more."),
}

# What the carrier writes on a message that was accepted and did not arrive.
DELIVERY_ERRORS: dict[int, str] = {
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
}


@dataclass(eq=False)
class CarrierRefused(Exception):
    """The request is not accepted; nothing was sent and nothing will be charged."""

    code: int
    status: int
    message: str
    retry_after: int | None = None

    @property
    def body(self) -> bytes:
        return json.dumps(
            {
                "code": self.code,
                "message": self.message,
                "more_info": f"/docs/errors/{self.code}",
                "status": self.status,
            }
        ).encode()

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}


class NotUnderstood(ValueError):
    """A request to the control API that says something the simulator does not know."""


def refusal(
    code: int,
    *,
    detail: str = "",
    to: str = "",
    sender: str = "",
    status: int | None = None,
    retry_after: int | None = None,
) -> CarrierRefused:
    """The refusal with this vendor code; `detail` replaces the vendor's sentence when the reason is our own."""
    known_status, sentence = VENDOR_ERRORS.get(code, (400, f"Refused with code {code}."))
    message = detail or sentence.replace("{to}", to).replace("{from}", sender)
    return CarrierRefused(code=code, status=status or known_status, message=message, retry_after=retry_after)
