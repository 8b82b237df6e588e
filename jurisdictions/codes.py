"""The codes every verdict is made of. A code is never shown to people and never renamed once released."""

from enum import StrEnum

ANY_CHANNEL = frozenset({"call", "sms", "ivm", "email", "chat", "letter", "visit"})
TIMED_CHANNELS = ANY_CHANNEL - {"letter"}
VOICE_CHANNELS = frozenset({"call", "ivm"})
CHANNEL_GROUPS = {"any": ANY_CHANNEL, "timed": TIMED_CHANNELS, "voice": VOICE_CHANNELS}
ACTIONS = frozenset({"contact", "furnish", "sue", "sell"})

EVENT_KINDS = frozenset({"call_attempt", "conversation", "ivm", "sms", "email", "chat", "letter", "visit"})
COMMUNICATION_KINDS = EVENT_KINDS - {"call_attempt"}
"""Events that reach a person. A call that nobody answers is an attempt, not a communication."""


class Ruling(StrEnum):
    """What may happen to an intent. Precedence: block, then approve, then defer, then allow."""

    ALLOW = "allow"
    DEFER = "defer"
    APPROVE = "approve"
    BLOCK = "block"


SEVERITY = {Ruling.ALLOW: 0, Ruling.DEFER: 1, Ruling.APPROVE: 2, Ruling.BLOCK: 3}


class Outcome(StrEnum):
    """What one rule said about one intent."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    EXEMPT = "exempt"
    NOT_APPLICABLE = "not_applicable"
    ATTACH = "attach"


class Force(StrEnum):
    """Where a rule gets its weight: statute, industry code, our own default, the agency, or the engine's fail-closed
    checks.
    """

    LAW = "law"
    CODE = "code"
    PRACTICE = "practice"
    TENANT = "tenant"
    ENGINE = "engine"


class Code(StrEnum):
    """Every reason a verdict can carry."""

    OK = "OK"
    # phase 0: the question itself
    PACK_MISSING = "PACK_MISSING"
    TZ_UNRESOLVED = "TZ_UNRESOLVED"
    ZONE_UNRESOLVED = "TZ_UNRESOLVED"
    ENGINE_ERROR = "ENGINE_ERROR"
    NO_LEGAL_SLOT = "NO_LEGAL_SLOT"
    CHANNEL_UNKNOWN = "CHANNEL_UNKNOWN"
    ACTION_UNKNOWN = "ACTION_UNKNOWN"
    LICENCE_MISSING = "LICENCE_MISSING"
    CONTACT_POINT_NOT_OWNED = "CONTACT_POINT_NOT_OWNED"
    # phase 1 and 3: the debt and what must come before
    DEBT_CLOSED = "DEBT_CLOSED"
    DEBT_DISPUTED = "DEBT_DISPUTED"
    DEBT_TIME_BARRED = "DEBT_TIME_BARRED"
    NOTICE_MISSING = "NOTICE_MISSING"
    STANDSTILL_30D = "STANDSTILL_30D"
    FURNISH_WAIT = "FURNISH_WAIT"
    VISIT_TOO_EARLY = "VISIT_TOO_EARLY"
    # phase 2: the person
    STATUS_FRAUD = "STATUS_FRAUD"
    STATUS_DECEASED = "STATUS_DECEASED"
    STATUS_MINOR = "STATUS_MINOR"
    STATUS_INSOLVENCY = "STATUS_INSOLVENCY"
    STATUS_CEASE = "STATUS_CEASE"
    STATUS_REPRESENTED = "STATUS_REPRESENTED"
    STATUS_VULNERABLE = "STATUS_VULNERABLE"
    STATUS_MORATORIUM = "STATUS_MORATORIUM"
    # phase 4: who and where
    PARTY_THIRD_PARTY = "PARTY_THIRD_PARTY"
    PLACE_WORKPLACE = "PLACE_WORKPLACE"
    PLACE_DOOR_POSTING = "PLACE_DOOR_POSTING"
    # phase 5 and 6: channel and content
    CHANNEL_PROHIBITED = "CHANNEL_PROHIBITED"
    CHANNEL_NOT_FIRST = "CHANNEL_NOT_FIRST"
    CONTACT_POINT_INVALID = "CONTACT_POINT_INVALID"
    CONSENT_MISSING = "CONSENT_MISSING"
    OPTED_OUT = "OPTED_OUT"
    CONTENT_FORBIDDEN = "CONTENT_FORBIDDEN"
    CONTENT_MISSING_ELEMENT = "CONTENT_MISSING_ELEMENT"
    # phase 7 and 8: hours and counts
    TIME_OUTSIDE_HOURS = "TIME_OUTSIDE_HOURS"
    TIME_DAY_NOT_ALLOWED = "TIME_DAY_NOT_ALLOWED"
    TIME_HOLIDAY = "TIME_HOLIDAY"
    TIME_PREFERENCE = "TIME_PREFERENCE"
    FREQ_CAP = "FREQ_CAP"
    COOLDOWN_AFTER_CONVERSATION = "COOLDOWN_AFTER_CONVERSATION"
    # what the agency's contract and its own records say
    CHANNEL_NOT_IN_MANDATE = "CHANNEL_NOT_IN_MANDATE"
    CONTACT_POINT_UNCONFIRMED = "CONTACT_POINT_UNCONFIRMED"
    CLAIMS_PAID = "CLAIMS_PAID"
    CREDITOR_HOLD = "CREDITOR_HOLD"
    # an agency's own rule that fits no other code
    TENANT_RULE = "TENANT_RULE"
