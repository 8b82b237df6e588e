"""What the agency's contract with the creditor and its own records add to the law, as rules of the same engine.

They only ever tighten. Each set is read once per combination and then shared, so that thousands of questions under one
mandate use one plan of the engine.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jurisdictions.model import Rule
from jurisdictions.packs import tenant_rule

_LAWFUL_REPLY = ["reply_to_debtor", "legally_required"]

_OWN_RECORDS: tuple[Mapping[str, Any], ...] = (
    {
        "id": "TENANT.HOLD.CLAIMS_PAID", "phase": 2, "kind": "status", "channels": "any", "statuses": ["claims_paid"],
        "verdict": "block", "code": "CLAIMS_PAID", "unless": _LAWFUL_REPLY,
        "cite": {"text": "recovery procedure 6.1: the payment is checked before the debtor is asked again",
                 "status": "agency"},
    },
    {
        "id": "TENANT.HOLD.CREDITOR", "phase": 2, "kind": "status", "channels": "any", "statuses": ["creditor_hold"],
        "verdict": "block", "code": "CREDITOR_HOLD", "unless": _LAWFUL_REPLY,
        "cite": {"text": "the creditor asked for a pause", "status": "agency"},
    },
    {
        "id": "TENANT.HOLD.DISPUTE", "phase": 3, "kind": "status", "channels": "any", "statuses": ["dispute_open"],
        "verdict": "approve", "code": "DEBT_DISPUTED", "unless": _LAWFUL_REPLY,
        "cite": {"text": "recovery procedure 6.5: a contested debt is answered first, until then a person decides",
                 "status": "agency"},
    },
    {
        "id": "TENANT.POINT.INVALID", "phase": 5, "kind": "contact_point", "channels": "any", "bad": ["invalid"],
        "verdict": "block", "code": "CONTACT_POINT_INVALID",
        "cite": {"text": "recovery procedure 5.6: invalid numbers are marked and not used", "status": "agency"},
    },
    {
        "id": "TENANT.POINT.UNCONFIRMED", "phase": 5, "kind": "contact_point", "channels": "any",
        "bad": ["unconfirmed"], "verdict": "block", "code": "CONTACT_POINT_UNCONFIRMED",
        "cite": {"text": "recovery procedure 6.2: a number from someone else is used once known to be the debtor's",
                 "status": "agency"},
    },
)  # fmt: skip


@lru_cache(maxsize=1)
def _own_records() -> tuple[Rule, ...]:
    return tuple(tenant_rule(raw) for raw in _OWN_RECORDS)


@lru_cache(maxsize=512)
def _rules(forbidden: tuple[str, ...], needs_notice: bool, tighten: str) -> tuple[Rule, ...]:
    rules = list(_own_records())
    if forbidden:
        rules.append(
            tenant_rule(
                {
                    "id": "TENANT.MANDATE.CHANNEL",
                    "phase": 5,
                    "kind": "channel_ban",
                    "channels": list(forbidden),
                    "verdict": "block",
                    "code": "CHANNEL_NOT_IN_MANDATE",
                    "cite": {"text": "the mandate with the creditor", "status": "agency"},
                }
            )
        )
    if needs_notice:
        rules.append(
            tenant_rule(
                {
                    "id": "TENANT.MANDATE.NOTICE",
                    "phase": 3,
                    "kind": "notice_before",
                    "channels": "any",
                    "notice": "assignment_notice",
                    "verdict": "block",
                    "code": "NOTICE_MISSING",
                    "unless": ["message:assignment_notice", *_LAWFUL_REPLY],
                    "cite": {
                        "text": "recovery procedure 1.7: every sale is preceded by a written notice",
                        "status": "agency",
                    },
                }
            )
        )
    rules += [tenant_rule(raw) for raw in json.loads(tighten)]
    return tuple(rules)


CHANNELS = ("call", "sms", "ivm", "email", "letter", "visit")


def rules_of(*, allowed_channels: tuple[str, ...], assignment_notice_required: bool, tighten: str) -> tuple[Rule, ...]:
    """The rules of one mandate in one agency. `allowed_channels` as stored, in upper case; `tighten`: the agency's own
    rules as `text_of` gives them.

    Raises:
        jurisdictions.packs.PackError: a rule of the agency's profile does not follow the schema.
    """
    return _rules(_forbidden(allowed_channels), assignment_notice_required, tighten)


def text_of(profile: Mapping[str, Any]) -> str:
    """The agency's own rules as one text, by which sets of rules are remembered."""
    return json.dumps(profile.get("tighten", []), sort_keys=True)


@lru_cache(maxsize=256)
def _forbidden(allowed_channels: tuple[str, ...]) -> tuple[str, ...]:
    allowed = {channel.lower() for channel in allowed_channels}
    return tuple(channel for channel in CHANNELS if channel not in allowed)
