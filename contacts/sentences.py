"""Why not, and until when: one translated sentence for every code a verdict can carry."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from jurisdictions.codes import Code, Force
from jurisdictions.verdict import Finding, Verdict

SENTENCES: dict[str, str | Promise] = {
    "OK": _lazy("Allowed now"),
    "PACK_MISSING": _lazy("There are no rules for this jurisdiction yet, so nothing may leave"),
    "TZ_UNRESOLVED": _lazy("The debtor's time zone is not known"),
    "ENGINE_ERROR": _lazy("The rules could not be evaluated, so nothing may leave"),
    "NO_LEGAL_SLOT": _lazy("No lawful moment was found in the next %(horizon_days)s days"),
    "CHANNEL_UNKNOWN": _lazy("There are no rules for this channel"),
    "ACTION_UNKNOWN": _lazy("There are no rules for this action"),
    "LICENCE_MISSING": _lazy("The agency lacks a licence this country asks for"),
    "CONTACT_POINT_NOT_OWNED": _lazy("This contact point belongs to nobody on the case"),
    "DEBT_CLOSED": _lazy("The debt is paid, settled, recalled or closed"),
    "DEBT_DISPUTED": _lazy("The debtor disputes the debt; it is answered first"),
    "DEBT_TIME_BARRED": _lazy("The debt is time-barred"),
    "NOTICE_MISSING": _lazy("A notice must be given first: %(notice)s"),
    "STANDSTILL_30D": _lazy("Standstill of %(days)s days after the notice of %(event_on)s"),
    "FURNISH_WAIT": _lazy("Too early to report: %(days)s days after the first notice"),
    "VISIT_TOO_EARLY": _lazy("Too early for a visit: %(dpd)s days past due, at least %(min_dpd)s are needed"),
    "STATUS_FRAUD": _lazy("Fraud or identity theft is suspected"),
    "STATUS_DECEASED": _lazy("The debtor is recorded as deceased; only successors may be contacted"),
    "STATUS_MINOR": _lazy("The debtor is a minor; only parents or guardians may be contacted"),
    "STATUS_INSOLVENCY": _lazy("The debtor is insolvent or discharged; only the trustee or lawyer may be contacted"),
    "STATUS_CEASE": _lazy("The debtor asked for contact to cease"),
    "STATUS_REPRESENTED": _lazy("The debtor is represented; contact the lawyer"),
    "STATUS_VULNERABLE": _lazy("The debtor is vulnerable or in hardship; a second person must approve"),
    "STATUS_MORATORIUM": _lazy("A moratorium protects the debtor"),
    "PARTY_THIRD_PARTY": _lazy("The debt may not be discussed with this person (%(party)s)"),
    "PLACE_WORKPLACE": _lazy("The debtor may not be contacted at work"),
    "PLACE_DOOR_POSTING": _lazy("Nothing may be posted on the door"),
    "CHANNEL_PROHIBITED": _lazy("This channel is forbidden in the debtor's country"),
    "CHANNEL_NOT_FIRST": _lazy("This channel may not be the first contact without approval"),
    "CONTACT_POINT_INVALID": _lazy("This contact point is marked as invalid or as somebody else's"),
    "CONSENT_MISSING": _lazy("The debtor's consent is missing (%(needs)s)"),
    "OPTED_OUT": _lazy("The debtor opted out of this channel"),
    "CONTENT_FORBIDDEN": _lazy("The text holds what may not be said: %(found)s"),
    "CONTENT_MISSING_ELEMENT": _lazy("The text lacks what must be said: %(missing)s"),
    "TIME_OUTSIDE_HOURS": _lazy("Outside contact hours: it is %(local_time)s for the debtor, allowed %(windows)s"),
    "TIME_DAY_NOT_ALLOWED": _lazy("No contact on this day of the week"),
    "TIME_HOLIDAY": _lazy("No contact on a public holiday (%(holiday)s)"),
    "TIME_PREFERENCE": _lazy("The debtor asked to be contacted at other hours (%(windows)s)"),
    "FREQ_CAP": _lazy("%(nth)s contact of this kind in %(days)s days, the limit is %(max)s"),
    "COOLDOWN_AFTER_CONVERSATION": _lazy("%(days)s days of rest after the conversation of %(event_on)s"),
    "CHANNEL_NOT_IN_MANDATE": _lazy("The creditor's mandate does not allow this channel"),
    "CONTACT_POINT_UNCONFIRMED": _lazy("Someone else gave this contact point; it is not confirmed as the debtor's"),
    "CLAIMS_PAID": _lazy("The debtor says it is paid; check the payment first"),
    "CREDITOR_HOLD": _lazy("The creditor asked for a pause"),
    "TENANT_RULE": _lazy("A rule of the agency stands against it"),
    "CANCELLED": _lazy("The campaign was cancelled"),
    "CONTACT_POINT_MISSING": _lazy("There is no contact point for this channel"),
    "TEMPLATE_MISSING": _lazy("There is no approved template in the debtor's language"),
    "TEMPLATE_BROKEN": _lazy("The template could not be filled in for this case"),
}  # fmt: skip
"""Code -> sentence without a full stop; placeholders are the finding's inputs."""

_CALLS = frozenset({"call", "ivm"})
_CHANNEL_CAPS: dict[str, str | Promise] = {
    "call": _lazy("%(nth)s call in %(days)s days, the limit is %(max)s"),
    "ivm": _lazy("%(nth)s call in %(days)s days, the limit is %(max)s"),
    "sms": _lazy("%(nth)s SMS in %(days)s days, the limit is %(max)s"),
    "email": _lazy("%(nth)s e-mail in %(days)s days, the limit is %(max)s"),
    "letter": _lazy("%(nth)s letter in %(days)s days, the limit is %(max)s"),
    "visit": _lazy("%(nth)s visit in %(days)s days, the limit is %(max)s"),
}
_WEEK_CAPS: dict[str, str | Promise] = {
    "call": _lazy("%(nth)s call this week, the limit is %(max)s"),
    "ivm": _lazy("%(nth)s call this week, the limit is %(max)s"),
    "sms": _lazy("%(nth)s SMS this week, the limit is %(max)s"),
}
_ADDRESS_CAP = _lazy("%(nth)s visit at this address in %(days)s days, the limit is %(max)s")
_NOTICE_NAMES: dict[str, str | Promise] = {
    "assignment_notice": _lazy("notice of assignment"),
    "first_notice": _lazy("first notice"),
    "validation_notice": _lazy("validation notice"),
    "visit_notice": _lazy("notice of a visit"),
}
_PARTY_NAMES: dict[str, str | Promise] = {
    "debtor": _lazy("debtor"), "codebtor": _lazy("co-debtor"), "guarantor": _lazy("guarantor"),
    "employer": _lazy("employer"), "third_party": _lazy("third party"), "successor": _lazy("successor"),
    "attorney": _lazy("lawyer"), "proxy_written": _lazy("authorised person"), "trustee": _lazy("trustee"),
}  # fmt: skip


def nth(number: int) -> str:
    """3 -> "3rd" in the reader's language."""
    language = (translation.get_language() or "en")[:2]
    if language == "ro":
        return "1-ul" if number == 1 else f"al {number}-lea"
    if language == "it":
        return f"{number}º"
    if language == "cs":
        return f"{number}."
    if language == "lt":
        return f"{number}-as"
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def _locale() -> str:
    return (translation.get_language() or "en").split("-")[0]


def moment(until: datetime, zone: str) -> str:
    """ "Mon 24 Nov 09:00 Europe/Chisinau", on the debtor's clock, in the reader's language."""
    local = until.astimezone(ZoneInfo(zone or "UTC"))
    return f"{format_datetime(local, 'EEE d MMM HH:mm', locale=_locale())} {zone or 'UTC'}"


class _Filled(dict[str, object]):
    """Inputs for a sentence; what a rule did not say stays a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


def _shown(value: object) -> object:
    if isinstance(value, list | tuple):
        return ", ".join(str(one).replace("_", " ") for one in value)
    return value


def reason(code: str, inputs: Mapping[str, Any], channel: str = "") -> str:
    """The bare reason of one finding, without citation or time."""
    filled = _Filled({name: _shown(value) for name, value in inputs.items() if value is not None})
    template = SENTENCES.get(code, SENTENCES["TENANT_RULE"])
    if code == Code.FREQ_CAP and "count" in inputs:
        filled["nth"] = nth(int(inputs["count"]) + 1)
        by_channel = _WEEK_CAPS if inputs.get("days") == 7 and channel in _WEEK_CAPS else _CHANNEL_CAPS
        template = by_channel.get(channel, template)
        if channel == "visit" and inputs.get("per") == "point":
            template = _ADDRESS_CAP
    if "notice" in filled:
        filled["notice"] = _NOTICE_NAMES.get(str(filled["notice"]), str(filled["notice"]).replace("_", " "))
    if "party" in filled:
        filled["party"] = _PARTY_NAMES.get(str(filled["party"]), str(filled["party"]).replace("_", " "))
    return str(template) % filled


def of_finding(finding: Finding, *, zone: str, channel: str, until: datetime | None) -> str:
    """ "3rd call this week, the limit is 2; next allowed Wed 25 Nov 09:00 Europe/Bucharest (source)".

    The source is the law or the code. For the agency's own rules and its mandates the reason says it all.
    """
    text = reason(str(finding.code), finding.inputs, channel)
    if until is not None:
        text = _("%(reason)s; next allowed %(moment)s") % {"reason": text, "moment": moment(until, zone)}
    if finding.cite and finding.force is not Force.TENANT:
        text = _("%(reason)s (%(source)s)") % {"reason": text, "source": finding.cite}
    return text


def of_verdict(verdict: Verdict, *, channel: str) -> str:
    """The worst reason of a verdict, with the moment at which nothing stands against the contact any more."""
    if not verdict.codes:
        return str(SENTENCES["OK"])
    failing = [finding for finding in verdict.findings if str(finding.outcome) == "fail"]
    blocked = str(verdict.verdict) == "block"
    return of_finding(failing[0], zone=verdict.zone, channel=channel, until=None if blocked else verdict.until)


def short(codes: list[str]) -> str:
    """For lists: the first code's sentence without its details."""
    return reason(codes[0], {}) if codes else str(SENTENCES["OK"])
