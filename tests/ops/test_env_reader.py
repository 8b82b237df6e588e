"""How settings are read from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from collections_crm import env


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAMPLE", raising=False)
    monkeypatch.delenv("SAMPLE_FILE", raising=False)


def test_a_required_setting_that_is_absent_is_named() -> None:
    with pytest.raises(env.SettingMissing, match="SAMPLE"):
        env.text("SAMPLE")


def test_a_default_stands_in_for_what_is_absent() -> None:
    assert env.text("SAMPLE", "x") == "x"
    assert env.flag("SAMPLE", True) is True
    assert env.integer("SAMPLE", 3) == 3
    assert env.decimal("SAMPLE", 0.5) == 0.5
    assert env.csv("SAMPLE", ["a"]) == ["a"]
    assert env.url("SAMPLE", "http://here") == "http://here"


@pytest.mark.parametrize(("word", "meant"), [("1", True), ("Yes", True), ("on", True), ("false", False), ("", False)])
def test_yes_and_no_have_several_words(monkeypatch: pytest.MonkeyPatch, word: str, meant: bool) -> None:
    monkeypatch.setenv("SAMPLE", word)

    assert env.flag("SAMPLE") is meant


def test_a_misspelt_flag_is_refused_and_not_taken_for_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE", "ture")

    with pytest.raises(env.SettingUnreadable, match="SAMPLE"):
        env.flag("SAMPLE", False)


def test_a_number_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE", "many")

    with pytest.raises(env.SettingUnreadable, match="whole number"):
        env.integer("SAMPLE", 1)
    with pytest.raises(env.SettingUnreadable, match="number"):
        env.decimal("SAMPLE", 1.0)


def test_an_empty_number_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE", "")

    assert env.integer("SAMPLE", 4) == 4


def test_values_between_commas_lose_blanks_and_empty_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE", " a.example , b.example,,")

    assert env.csv("SAMPLE") == ["a.example", "b.example"]


def test_an_address_has_one_of_the_allowed_schemes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE", "mysql://db/x")

    with pytest.raises(env.SettingUnreadable, match="postgresql"):
        env.url("SAMPLE", schemes=("postgresql",))


def test_an_address_without_scheme_is_refused_without_repeating_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE", "secret-password@db")

    with pytest.raises(env.SettingUnreadable) as refused:
        env.url("SAMPLE")

    assert "secret-password" not in str(refused.value)


def test_a_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    monkeypatch.setenv("SAMPLE_FILE", str(tmp_path / "secret"))

    assert env.text("SAMPLE") == "s3cret"


def test_every_name_that_was_asked_is_remembered() -> None:
    env.text("SAMPLE", "")

    assert env.asked()["SAMPLE"] == "text"
