"""What a policy pack is made of: citations, rules, packs, and a pack flattened for one day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from jurisdictions.codes import Code, Force, Ruling

Windows = tuple[tuple[int, int], ...]
"""Half-open opening windows of one day, in seconds after local midnight; empty means closed."""

Week = tuple[Windows | None, ...]
"""Seven days from Monday; None means that the rule says nothing about that day."""

PackVersion = tuple[str, str, str]
"""(id, version, sha256 of the canonical content)."""

CiteStatus = Literal["verified", "secondary", "memory", "agency"]


@dataclass(frozen=True, slots=True)
class Cite:
    """Where a rule comes from, and how far that was checked.

    `verified`: the wording was read; `secondary`: a summary was read; `memory`: counsel must verify; `agency`: its own
    rule.
    """

    text: str
    status: CiteStatus
    url: str | None = None
    checked_on: date | None = None
    checked_by: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence of law, code or practice. Only the fields of its `kind` are filled (see `schema.KINDS`).

    `source` is the canonical JSON the rule was read from, so that a stored rule can be read again unchanged.
    `effective_from` and `effective_to` are both inclusive days on the debtor's calendar.
    """

    id: str
    pack_id: str
    phase: int
    kind: str
    force: Force
    channels: frozenset[str]
    actions: frozenset[str]
    verdict: Ruling
    code: Code
    cite: Cite
    source: str
    when_debt: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    consent_valid_days: int | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    statuses: frozenset[str] = frozenset()
    bad: frozenset[str] = frozenset()
    allow: frozenset[str] = frozenset()
    approve: frozenset[str] = frozenset()
    forbid: frozenset[str] = frozenset()
    elements: tuple[str, ...] = ()
    messages: frozenset[str] = frozenset()
    attach: tuple[str, ...] = ()
    count: frozenset[str] = frozenset()
    per: Literal["person", "debt", "point"] = "person"
    max: int = 0
    days: int = 0
    dpd: int = 0
    within_days: int = 0
    notice: str = ""
    after: str = ""
    needs: str = ""
    scope: str = ""
    if_absent: Ruling | None = None
    week: Week = (None,) * 7
    holiday: Windows | None = None

    def __hash__(self) -> int:
        return hash((self.id, self.source))

    def in_force(self, on: date) -> bool:
        """Whether the rule binds on the debtor's day `on`."""
        return (self.effective_from is None or self.effective_from <= on) and (
            self.effective_to is None or on <= self.effective_to
        )


@dataclass(frozen=True, slots=True)
class HolidaySpec:
    """Whose public holidays a pack follows. `subdivided`: province, land, region or nation matters. `note`: known
    gaps.
    """

    country: str
    subdivided: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long evidence (years) and recordings (months) are kept, counted from the named moments."""

    evidence_years: int | None = None
    evidence_from: str = ""
    recordings_months: int | None = None
    recordings_from: str = ""
    note: str = ""
    cite: Cite | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """One version of one jurisdiction's rules. Immutable once released: a change is a new version.

    `sha256` covers the canonical content without `reviewed_by`, so that a lawyer's signature does not change the law it
    signs. `tenant_may_loosen`: whether an agency may switch off this pack's `practice` rules with a named approver.
    """

    id: str
    version: str
    sha256: str
    extends: tuple[str, ...]
    disable: frozenset[str]
    rules: tuple[Rule, ...]
    tz: tuple[str, ...]
    holidays: HolidaySpec | None
    languages: tuple[str, ...]
    effective_from: date | None
    effective_to: date | None
    obligations: tuple[str, ...]
    preconditions: tuple[str, ...]
    retention: Retention | None
    tenant_may_loosen: bool
    reviewed_by: str | None
    note: str

    def in_force(self, on: date) -> bool:
        """Whether this version applies on the debtor's day `on`."""
        return (self.effective_from is None or self.effective_from <= on) and (
            self.effective_to is None or on <= self.effective_to
        )


@dataclass(frozen=True, slots=True)
class ResolvedPack:
    """A pack with everything it extends, flattened for one day: nearest value wins, disabled and lapsed rules are
    gone.
    """

    id: str
    on: date
    rules: tuple[Rule, ...]
    lineage: tuple[PackVersion, ...]
    loosenable: frozenset[str]
    tz: tuple[str, ...]
    holidays: HolidaySpec | None
    languages: tuple[str, ...]
    obligations: tuple[str, ...]
    preconditions: tuple[str, ...]
    retention: Retention | None
    reviewed: bool


PackSet = Mapping[str, Pack]
