"""What a desk remembers between two requests, in the session: the call under way, the way back, the last result.

Which case is at hand is no matter of the session: it is the one the member claimed and has no result for yet
(`queue.unfinished`, S004-78).
"""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from agencies.models import Membership
from cases.models import Case, Disposition

KEY = "desk"
TRAIL = 20


class Visit:
    """One member's visit of the desk."""

    def __init__(self, session: SessionBase, member: Membership) -> None:
        self.session = session
        kept = session.get(KEY) or {}
        self.kept: dict[str, Any] = kept if kept.get("member") == member.id else {"member": member.id}

    @property
    def trail(self) -> list[int]:
        """Cases that were open before, the latest last."""
        return list(self.kept.get("trail", []))

    @property
    def last_result(self) -> int | None:
        """The result recorded last, which may be taken back."""
        return self.kept.get("result")

    def call_on(self, case: Case) -> dict[str, Any]:
        """The call under way on this case: {"permit", "point", "at"}; {} when there is none."""
        call: dict[str, Any] = self.kept.get("call", {})
        return dict(call) if call.get("case") == case.id else {}

    def see(self, case: Case) -> None:
        """The case is on the desk: it becomes the end of the way back."""
        if self.trail[-1:] != [case.id]:
            self._keep(trail=[*(each for each in self.trail if each != case.id), case.id][-TRAIL:])

    def before(self, case: Case | None) -> int | None:
        """The case that was open before `case`."""
        trail = self.trail
        if case is None:
            return trail[-1] if trail else None
        place = trail.index(case.id) if case.id in trail else len(trail)
        return trail[place - 1] if place > 0 else None

    def dial(self, case: Case, *, permit_id: int, point_id: int, now: datetime) -> None:
        """A call with this permit has begun."""
        self._keep(call={"case": case.id, "permit": permit_id, "point": point_id, "at": now.isoformat()})

    def finish(self, result: Disposition) -> None:
        """The call ended with a result, which may be taken back for a while."""
        self._keep(result=result.id, call={})

    def forget_result(self) -> None:
        self._keep(result=None)

    @property
    def experts_only(self) -> bool:
        """The queue shows only cases for experts."""
        return bool(self.kept.get("experts", False))

    def show_experts(self, *, only: bool) -> None:
        if only != self.experts_only:
            self._keep(experts=only)

    def _keep(self, **values: Any) -> None:
        self.kept |= values
        self.session[KEY] = self.kept
