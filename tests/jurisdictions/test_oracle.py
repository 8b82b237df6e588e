"""Every independent case gets the verdict, the moment, the reason and the obligations it expects."""

import pytest

from jurisdictions.evaluator import evaluate
from tests.jurisdictions.oracle import Row, intent_of, moment, rows


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in rows()])
def test_an_independent_case_is_decided_as_it_expects(row: Row) -> None:
    """S001-01, S004-70, S004-72, S004-75."""
    verdict = evaluate(intent_of(row))
    reasons = verdict.codes or ("OK",)
    wanted = [word for word in row["expect_obligations"].split() if not word.startswith("!")]
    unwanted = [word[1:] for word in row["expect_obligations"].split() if word.startswith("!")]

    assert verdict.verdict == row["expect_verdict"], verdict.findings
    assert row["expect_code"] in reasons
    assert verdict.until == (moment(row["expect_until_local"], row["tz"]) if row["expect_until_local"] else None)
    assert set(wanted) <= set(verdict.obligations)
    assert not set(unwanted) & set(verdict.obligations)
