"""Reading the independent cases: what each column means, once for all rows."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jurisdictions.evaluator import Consent, Event, Intent
from jurisdictions.packs import load_packs

Row = dict[str, str]


def rows() -> Iterator[Row]:
    with (Path(__file__).parent / "cases.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def moment(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone) if zone else UTC)


def intent_of(row: Row) -> Intent:
    """Unless `no_notices` is flagged, every notice any pack asks for has been sent. Opt-outs stand among the
    consents.
    """
    zone = row["tz"]
    words = [*row["consents"].split(), *row["flags"].split()]
    after = {prefix: [w.removeprefix(prefix) for w in words if w.startswith(prefix)] for prefix in _PREFIXES}
    notices = {rule.notice for pack in load_packs().values() for rule in pack.rules if rule.notice}
    return Intent(
        jurisdictions=tuple(row["jurisdictions"].split("+")),
        subdivision=row["subdiv"],
        action=row["action"],
        channel=row["channel"],
        party=row["party"],
        place=row["place"],
        at=moment(row["local_dt"], zone),
        zones=(zone,) if zone else (),
        debt_kind=tuple(row["debt"].split()),
        dpd=int(row["dpd"]),
        message=row["message"],
        elements=tuple(row["elements"].split()),
        history=tuple(_event(word, zone) for word in row["history"].split()),
        statuses=tuple(row["statuses"].split()),
        consents=tuple(_consent(w, zone) for w in row["consents"].split() if not w.startswith(_PREFIXES)),
        opt_outs=tuple(after["optout:"]),
        opt_outs_elsewhere=tuple(after["optout_other:"]),
        contact_point_flags=tuple(after["cp:"]),
        flags=tuple(w for w in row["flags"].split() if w != "no_notices" and not w.startswith(_PREFIXES)),
        notices_sent=() if "no_notices" in words else tuple(sorted(notices)),
    )


_PREFIXES = ("optout:", "optout_other:", "cp:")


def _event(word: str, zone: str) -> Event:
    kind, _, at = word.removeprefix("n:").partition("@")
    return Event(kind, moment(at, zone))


def _consent(word: str, zone: str) -> Consent:
    kind, _, at = word.partition("@")
    return Consent(kind, moment(at, zone) if at else None)
