"""One door: nothing but the gate makes permits and decisions, nothing but the channels knows the carrier."""

import ast
import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from contacts import gate
from contacts.models import Decision
from tests.contacts.conftest import NIGHT

OURS = (
    "agencies", "api", "audit", "cases", "common", "contacts", "debtors", "field", "ledger", "legal", "portal",
    "portfolios", "reports",
)  # fmt: skip
KNOWS_THE_CARRIER = {"contacts/carrier.py", "contacts/hook_views.py"}


def sources() -> list[Path]:
    root = Path(settings.BASE_DIR)
    return [path for app in OURS for path in (root / app).rglob("*.py") if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return path.relative_to(settings.BASE_DIR).as_posix()


def makers_of(model: str) -> set[str]:
    """Files that call the model or create rows of it."""
    pattern = re.compile(rf"\b{model}(\.objects\.(bulk_)?(create|get_or_create|update_or_create))?\(")
    found = set()
    for path in sources():
        text = path.read_text(encoding="utf-8")
        if not re.search(rf"from contacts\.models import [^#]*\b{model}\b|from contacts import [^#]*\bmodels\b", text):
            continue
        calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
        if any(pattern.match(ast.unparse(node.func) + "(") for node in calls):
            found.add(name_of(path))
    return found


@pytest.mark.parametrize(("model", "maker"), [("Permit", "contacts/gate.py"), ("Decision", "contacts/evidence.py")])
def test_only_the_gate_makes_permits_and_decisions(model, maker):
    assert makers_of(model) == {maker}


def test_only_the_gate_writes_evidence():
    pattern = re.compile(r"from contacts\.evidence import|from contacts import [^#]*\bevidence\b")
    assert [name_of(path) for path in sources() if pattern.search(path.read_text(encoding="utf-8"))] == [
        "contacts/gate.py"
    ]


def test_only_the_channels_know_the_carriers_library():
    pattern = re.compile(r"^\s*(from|import) twilio\b", re.MULTILINE)
    knowing = {name_of(path) for path in sources() if pattern.search(path.read_text(encoding="utf-8"))}
    assert {name for name in knowing if not name.startswith("contacts/channels/")} == KNOWS_THE_CARRIER


def test_nobody_writes_permits_and_decisions_in_sql_either():
    pattern = re.compile(r"(INSERT INTO|UPDATE)\s+contacts_(permit|decision)", re.IGNORECASE)
    assert [name_of(path) for path in sources() if pattern.search(path.read_text(encoding="utf-8"))] == [
        "contacts/evidence.py"
    ]


def test_the_replay_command_confirms_what_was_recorded(case, phone, now, in_agency):
    gate.request(case, channel="CALL", contact_point=phone, by=None, now=now)
    gate.request(case, channel="SMS", contact_point=phone, by=None, now=NIGHT)
    said = StringIO()
    call_command("replay", in_agency.slug, stdout=said)
    assert "2 confirmed, 0 not." in said.getvalue()


def test_the_replay_command_finds_a_record_that_does_not_hold(case, phone, now, in_agency):
    decision = gate.request(case, channel="CALL", contact_point=phone, by=None, now=NIGHT).decision
    decision.pk, decision.codes = None, ["FREQ_CAP"]
    Decision.objects.bulk_create([decision])
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("replay", in_agency.slug, stdout=said)
    assert "codes was" in said.getvalue()
