"""A law firm's system works on its cases over the API by the rules of the page, and on nobody else's."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.scope import agency_scope
from cases import holds
from cases.models import Document
from legal import handoffs
from legal.models import Handoff, HandoffDocument, HandoffWord, Proceeding
from tests import factories
from tests.api.machine import JSON, machine_of
from tests.factories import TODAY
from tests.legal.conftest import NOW, accepted, case, firm, lawyer, officer, prepared, sent

__all__ = ["accepted", "case", "firm", "lawyer", "officer", "prepared", "sent"]
HANDOFFS = "/api/v1/handoffs"
OPENED = {"kind": "LAWSUIT", "opened_on": (TODAY - timedelta(days=3)).isoformat(), "court": "Orhei", "file_no": "2-17"}
DEEDS = {
    "acceptance": ({}, JSON), "questions": ({"text": "Where is the contract?"}, JSON), "proceedings": (OPENED, JSON),
    "documents": (None, ""),
}  # fmt: skip


def pdf(content: bytes = b"%PDF-1.7 claim", name: str = "claim.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def do(machine, handoff, deed, **more):
    told, kind = DEEDS[deed]
    if told is None:
        return machine.post(f"{HANDOFFS}/{handoff.id}/{deed}", {"file": pdf(), "kind": "COURT"}, **more)
    return machine.post(f"{HANDOFFS}/{handoff.id}/{deed}", told, content_type=kind, **more)


def counts(agency):
    with agency_scope(agency.id):
        states = sorted(Handoff.objects.values_list("id", "state"))
        return states, HandoffWord.objects.count(), Proceeding.objects.count(), Document.objects.count()


@pytest.fixture
def machine(lawyer):
    return machine_of(lawyer, "handoffs:read", "handoffs:write")


def test_a_case_from_its_arrival_to_its_proceeding(machine, sent, officer, agency):
    """S003-25."""
    taken = do(machine, sent, "acceptance")
    assert (taken.status_code, taken.json()["state"]) == (200, "ACCEPTED")
    asked = do(machine, sent, "questions")
    assert (asked.status_code, asked.json()["from_firm"]) == (201, True)
    with agency_scope(agency.id):
        handoffs.answer(sent, text="In the dossier, page 3", by=officer, now=NOW)
    shared = do(machine, sent, "documents").json()
    opened = do(machine, sent, "proceedings")
    assert (opened.status_code, opened.json()["steps"][0]["code"]) == (201, "FILE_CLAIM")
    one = machine.get(f"{HANDOFFS}/{sent.id}").json()
    assert [word["text"] for word in one["words"]] == ["Where is the contract?", "In the dossier, page 3"]
    assert one["documents"][0] == shared
    assert (one["documents"][0]["filename"], one["documents"][0]["from_firm"]) == ("claim.pdf", True)
    assert [order["file_no"] for order in one["proceedings"]] == ["2-17"]
    read = machine.get(f"{HANDOFFS}/{sent.id}/documents/{shared['id']}")
    assert read.content == b"%PDF-1.7 claim"
    assert read.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("deed", DEEDS)
def test_under_one_key_it_is_done_once(deed, machine, sent, lawyer, agency):
    if deed != "acceptance":
        with agency_scope(agency.id):
            handoffs.accept(sent, by=lawyer, now=NOW)
    key = {"Idempotency-Key": "the-same"}
    first = do(machine, sent, deed, headers=key)
    done = counts(agency)
    again = do(machine, sent, deed, headers=key)
    assert first.status_code in {200, 201}
    assert (again.status_code, again.json(), again.headers["Idempotency-Replayed"]) == (
        first.status_code, first.json(), "true",
    )  # fmt: skip
    assert counts(agency) == done


def test_another_file_under_the_same_key_is_refused(machine, accepted):
    at, key = f"{HANDOFFS}/{accepted.id}/documents", {"Idempotency-Key": "one"}
    assert machine.post(at, {"file": pdf()}, headers=key).status_code == 201
    other = machine.post(at, {"file": pdf(b"%PDF-1.7 another")}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_used_for_another_request")


@pytest.mark.parametrize(
    ("file", "status"),
    [
        (pdf(b"<script>", "claim.pdf"), 422), (pdf(b"MZ", "claim.exe"), 422),
        (pdf(b"\xff\xd8\xff\xe0", "claim.pdf"), 422), (pdf(b"", "claim.pdf"), 400),
    ],
)  # fmt: skip
def test_a_file_that_the_page_refuses_is_refused(file, status, machine, accepted, agency):
    before = counts(agency)
    answer = machine.post(f"{HANDOFFS}/{accepted.id}/documents", {"file": file})
    assert answer.status_code == status
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/file"]
    assert machine.post(f"{HANDOFFS}/{accepted.id}/documents", {"file": pdf(), "kind": "PHOTO"}).status_code == 400
    assert machine.post(f"{HANDOFFS}/{accepted.id}/documents", {"title": "x"}).status_code == 400
    assert counts(agency) == before


def test_nothing_is_opened_before_the_firm_accepted(machine, sent, agency):
    before = counts(agency)
    answer = do(machine, sent, "proceedings")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_now")
    assert counts(agency) == before


def test_a_dispute_stops_a_new_proceeding(machine, accepted, case, officer, agency):
    holds.place(case, reason="DISPUTE", by=officer, as_of=TODAY)
    told = OPENED | {"opened_on": TODAY.isoformat()}
    answer = machine.post(f"{HANDOFFS}/{accepted.id}/proceedings", told, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "enforcement_stopped")


@pytest.mark.parametrize("kind", ["NOTHING", "", "LAWSUIT" * 20])
def test_an_unknown_proceeding_is_told(kind, machine, accepted):
    answer = machine.post(f"{HANDOFFS}/{accepted.id}/proceedings", OPENED | {"kind": kind}, content_type=JSON)
    assert answer.status_code in {400, 422}
    assert answer.json()["errors"][0]["pointer"] == "#/kind"


@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_else_reaches_the_case(deed, sent, agency, member):
    with agency_scope(agency.id):
        stranger = factories.make_lawyer(agency, factories.make_law_firm())
        shown = HandoffDocument.objects.filter(handoff=sent).first().document_id
    before = counts(agency)
    for person in (stranger, member("LAW_FIRM_USER")):
        machine = machine_of(person)
        assert do(machine, sent, deed).status_code in {403, 404}
        assert machine.get(f"{HANDOFFS}/{sent.id}").status_code == 404
        assert machine.get(f"{HANDOFFS}/{sent.id}/documents/{shown}").status_code == 404
    for role in ("COLLECTOR", "CREDITOR_USER", "AGENCY_ADMINISTRATOR", "FIELD_COLLECTOR"):
        assert do(machine_of(member(role)), sent, deed).status_code == 403
    assert counts(agency) == before


def test_the_agency_neither_accepts_nor_asks_in_the_firms_place(sent, member, agency):
    before = counts(agency)
    for role in ("LEGAL_OFFICER", "MANAGER"):
        for deed in ("acceptance", "questions"):
            answer = do(machine_of(member(role)), sent, deed)
            assert (answer.status_code, answer.json()["permission"]) == (403, "legal.firm")
    assert counts(agency) == before


def test_a_document_of_the_case_that_was_not_shared_stays_with_the_agency(machine, accepted, case, officer, agency):
    with agency_scope(agency.id):
        shared = set(HandoffDocument.objects.filter(handoff=accepted).values_list("document_id", flat=True))
        inside = Document.objects.create(
            case=case, kind="OTHER", title="Inside", filename="x.pdf", mime="application/pdf", path="x",
            sha256="0" * 64, size=1, made_by=officer.user, made_at=NOW,
        )  # fmt: skip
    assert inside.id not in shared
    assert machine.get(f"{HANDOFFS}/{accepted.id}/documents/{inside.id}").status_code == 404
    found = machine.get(f"{HANDOFFS}/{accepted.id}").json()["documents"]
    assert {one["id"] for one in found} == shared


def test_a_recall_shuts_every_deed(machine, accepted, officer, agency):
    handoffs.recall(accepted, note="Paid", by=officer, now=NOW)
    for deed in DEEDS:
        assert do(machine, accepted, deed).status_code == 404
