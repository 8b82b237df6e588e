"""Log lines tell what happened, never of whom."""

import logging

import pytest

from common.logs import LineFormatter


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("paid from MD24AG000225100013104168 today", "paid from [account] today"),
        ("paid from RO10 BTRL 0000 0012 3456 7890.", "paid from [account]."),
        ("called +373 60 123 456", "called [number]"),
        ("wrote to ion.rusu@mail.md", "wrote to [e-mail]"),
        ("case 42 moved to SOFT", "case 42 moved to SOFT"),
    ],
)
def test_what_could_be_a_persons_is_masked(said: str, kept: str) -> None:
    line = logging.LogRecord("cases", logging.INFO, "", 1, said, None, None)
    assert LineFormatter().format(line).endswith(f" INFO cases {kept}")
