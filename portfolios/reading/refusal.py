"""`FileRefused`: the file as a whole cannot be taken."""

from typing import Any

from common.refusals import NotUnderstood


class FileRefused(NotUnderstood):
    """A bomb, a truncated file, a wrong type. `row` and `column` count from 1 and are None when not known."""

    def __init__(self, sentence: str, *, reason: str, row: int | None = None, column: int | None = None) -> None:
        super().__init__(sentence, field="file", reason=reason, row=row, column=column)
        self.reason = reason
        self.row = row
        self.column = column

    def as_problem(self) -> dict[str, Any]:
        """What the case file keeps about its refusal."""
        return {"code": self.reason, "sentence": self.sentence, "row": self.row, "column": self.column}
