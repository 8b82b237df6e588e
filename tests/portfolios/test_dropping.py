"""A creditor lays a file into a folder; it is taken once, in a member's name, and never half written."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from agencies.scope import agency_scope
from portfolios import dropping, tasks
from portfolios.models import CaseFile, Portfolio
from tests import factories
from tests.opening.files import ION, csv_of

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.fixture
def portfolio(agency):
    with agency_scope(agency.id):
        return factories.make_portfolio()


@pytest.fixture
def creditor_user(agency, portfolio, member):
    return member("CREDITOR_USER", creditor=portfolio.creditor)


@pytest.fixture
def drops(settings, tmp_path):
    settings.DROP_DIR = str(tmp_path)
    return tmp_path


@pytest.fixture
def folder(agency, portfolio, creditor_user, drops) -> Path:
    with agency_scope(agency.id):
        Portfolio.objects.filter(id=portfolio.id).update(drops_by=creditor_user)
    found = drops / agency.slug / f"portfolio-{portfolio.id}"
    found.mkdir(parents=True)
    return found


def lay(folder: Path, name: str = "debts.csv", content: bytes | None = None, *, seconds_ago: int = 60) -> Path:
    path = folder / name
    path.write_bytes(csv_of(ION) if content is None else content)
    moment = (NOW - timedelta(seconds=seconds_ago)).timestamp()
    os.utime(path, (moment, moment))
    return path


def files(agency) -> list[tuple[str, str, str]]:
    with agency_scope(agency.id):
        return list(CaseFile.objects.order_by("id").values_list("filename", "via", "uploaded_by__email"))


def test_a_file_at_rest_is_taken_in_the_members_name(agency, folder, creditor_user):
    """S003-03."""
    lay(folder)
    done = dropping.take_dropped(agency.id, now=NOW)
    assert files(agency) == [("debts.csv", "DROP", creditor_user.user.email)]
    assert [path.name for path in (folder / "taken").iterdir()] == [f"{done.case_files[0]}-debts.csv"]
    assert not (folder / "debts.csv").exists()


def test_a_file_on_its_way_waits(agency, folder):
    lay(folder, seconds_ago=5)
    lay(folder, "big.csv.filepart")
    lay(folder, ".hidden.csv")
    assert dropping.take_dropped(agency.id, now=NOW).case_files == []
    assert (folder / "debts.csv").exists()
    assert dropping.take_dropped(agency.id, now=NOW + timedelta(minutes=1)).case_files != []


def test_a_link_to_a_file_elsewhere_is_never_followed(agency, folder, tmp_path):
    secret = lay(tmp_path, "secret.csv")
    (folder / "debts.csv").symlink_to(secret)
    assert dropping.take_dropped(agency.id, now=NOW + timedelta(days=1)).case_files == []


def test_what_cannot_be_taken_lies_aside_with_the_reason_in_the_agencys_language(agency, folder):
    lay(folder, "empty.csv", b"")
    assert dropping.take_dropped(agency.id, now=NOW).refused == ["empty.csv"]
    assert "empty" in (folder / "refused" / "empty.csv.txt").read_text(encoding="utf-8")
    assert (folder / "refused" / "empty.csv").exists()


def test_a_worker_that_died_between_storing_and_moving_takes_nothing_twice(agency, folder, monkeypatch):
    lay(folder)
    monkeypatch.setattr(dropping, "_move", lambda *_args: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        dropping.take_dropped(agency.id, now=NOW)
    monkeypatch.undo()
    dropping.take_dropped(agency.id, now=NOW)
    assert len(files(agency)) == 1
    assert not (folder / "debts.csv").exists()


def test_without_a_name_or_without_a_folder_nothing_is_read(agency, portfolio, folder, settings):
    lay(folder)
    with agency_scope(agency.id):
        Portfolio.objects.filter(id=portfolio.id).update(drops_by=None)
    assert dropping.take_dropped(agency.id, now=NOW).case_files == []
    settings.DROP_DIR = ""
    assert tasks.take_dropped_files() == 0


def test_every_agency_is_looked_after(agency, folder):
    lay(folder, seconds_ago=3600)
    assert tasks.take_dropped_files() == 1
    assert files(agency)[0][1] == "DROP"


def test_the_manager_says_in_whose_name(agency, portfolio, drops, creditor_user, member):
    manager = member("MANAGER")
    with agency_scope(agency.id):
        stranger = member("CREDITOR_USER", creditor=factories.make_creditor())
    browser = factories.client_of(manager)
    url = reverse("portfolio", args=[portfolio.creditor_id, portfolio.id])
    page = browser.get(url).content.decode()
    assert f"{agency.slug}/portfolio-{portfolio.id}" in page
    values = {"name": portfolio.name, "mandate": portfolio.mandate_id, "received_on": portfolio.received_on.isoformat()}
    assert browser.post(url, values | {"drops_by": stranger.id}).status_code == 422
    assert browser.post(url, values | {"drops_by": creditor_user.id}).status_code == 302
    with agency_scope(agency.id):
        assert Portfolio.objects.get(id=portfolio.id).drops_by_id == creditor_user.id


def test_an_installation_without_drops_does_not_ask(agency, portfolio, member):
    page = factories.client_of(member("MANAGER")).get(reverse("portfolio", args=[portfolio.creditor_id, portfolio.id]))
    assert "drops_by" not in page.content.decode()
