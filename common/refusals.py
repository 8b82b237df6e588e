"""`Refused`: the one way in which the trade says no.

A refusal is an expected answer, not a failure: a promise too far ahead, a stage that may not be entered. It carries a
stable code for machines and a whole translated sentence for people. The web shows the sentence beside the kept form,
the API renders it as an RFC 9457 problem.
"""

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """The trade's rules do not allow this. Subclass it, named as a sentence, beside the function that raises it.

    Attributes:
        code: stable lower-case identifier, derived from the class name when not given.
        sentence: whole sentence for a person, already translated, without debtor data.
        field: name of the form field or JSON member at fault, or "" for the whole request.
        status: HTTP status of the answer (409 by default; 422 for input that cannot be understood).
        details: further members for the API problem (JSON-able, no debtor data).
    """

    status: int = 409
    field: str = ""

    def __init__(self, sentence: str, *, field: str = "", **details: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field or self.field
        self.details: Mapping[str, Any] = details

    @property
    def code(self) -> str:
        name = type(self).__name__
        return "".join(("_" if i and c.isupper() else "") + c.lower() for i, c in enumerate(name))


class NotUnderstood(Refused):
    """The input itself is wrong (a broken file, an impossible date), whatever the state of the case."""

    status = 422
