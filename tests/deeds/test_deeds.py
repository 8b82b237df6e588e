"""A notarial deed is drafted for a plan, concluded with its proof, and once broken it is enforced without a lawsuit."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from cases import concluded as agreements
from cases import deed_law, deeds, document_intake, documents, plan_judging
from cases.models import Case, Deed, Document
from legal import handoffs, lawsuits, proceeding_rules, proceedings
from tests import factories
from tests.agreements.people import NOW, again, moment, pay
from tests.deeds.conftest import scan
from tests.factories import TODAY

pytestmark = pytest.mark.usefixtures("in_agency")
EXPLAINED = {code: lawsuits.Tick(explanation="Known") for code in ("ADDRESS_KNOWN", "CREDITOR_AUTHORITY", "NO_HOLD")}


def text_of(document):
    return documents.content_of(document)


def broken(deed):
    """The night after the first instalment and its grace have passed."""
    night = TODAY + timedelta(days=40)
    plan_judging.judge_due(as_of=night, now=moment(night))
    return Deed.objects.select_related("plan", "case__mandate", "case__account").get(id=deed.id)


class TestDrafting:
    def test_the_draft_is_written_in_the_deeds_language_and_in_the_debtors(self, plan, people):
        """S003-24."""
        debtor = plan.case.debtor
        debtor.language = "en"
        debtor.save(update_fields=["language"])
        deed = deeds.draft(deeds.plan_of(plan.id), language="ro", by=people("RESTRUCTURING_OFFICER"), now=NOW)
        assert (deed.draft.language, deed.reading.language) == ("ro", "en")
        assert (deed.amount, deed.country, deed.state) == (900, "MD", "DRAFT")
        assert all(text_of(paper).startswith(b"%PDF") for paper in (deed.draft, deed.reading))

    def test_who_speaks_the_deeds_language_needs_no_translation(self, draft):
        assert draft.case.debtor.language == "ro"
        assert draft.reading is None

    def test_a_plan_has_one_deed(self, plan, draft, people):
        with pytest.raises(deeds.DeedExists):
            deeds.draft(plan, language="ro", by=people("RESTRUCTURING_OFFICER"), now=NOW)
        deeds.drop(draft, note="Will not come to the notary", by=people("RESTRUCTURING_OFFICER"), now=NOW)
        assert deeds.draft(plan, language="ro", by=people("RESTRUCTURING_OFFICER"), now=NOW).state == "DRAFT"

    def test_where_no_rule_is_known_no_deed_is_drafted(self, plan, people):
        Case.objects.filter(id=plan.case_id).update(jurisdiction="GB")
        with pytest.raises(deeds.NoSuchDeed):
            deeds.draft(plan, language="en", by=people("RESTRUCTURING_OFFICER"), now=NOW)

    def test_a_collector_does_not_draft_deeds(self, plan, people):
        with pytest.raises(deeds.NotYours):
            deeds.draft(plan, language="ro", by=people("COLLECTOR"), now=NOW)

    @pytest.mark.parametrize("country", deed_law.countries())
    def test_every_country_opens_proceedings_that_it_knows(self, country):
        law = deed_law.law_of(country)
        assert law.source
        known = {kind.code for kind in proceeding_rules.kinds_of(country)}
        assert set(law.opens) <= known
        assert not set(law.opens) & {"LAWSUIT", "PAYMENT_ORDER"}


class TestConcluding:
    def test_a_concluded_deed_signs_the_plan_and_keeps_its_scan(self, concluded):
        plan = again(concluded.plan)
        assert (plan.state, plan.signed_on) == ("ACTIVE", TODAY)
        assert text_of(concluded.scan).endswith(b"seal")
        assert concluded.deed_no == "1-2044"

    def test_without_a_readable_scan_nothing_is_concluded(self, draft, people):
        with pytest.raises(document_intake.DocumentRefused):
            deeds.conclude(
                draft, notary="N", deed_no="1", concluded_on=TODAY, file=scan(b"not a pdf"),
                by=people("RESTRUCTURING_OFFICER"), as_of=TODAY, now=NOW,
            )  # fmt: skip
        assert again(draft.plan).state == "APPROVED"

    def test_a_deed_of_tomorrow_is_not_concluded_today(self, draft, people):
        with pytest.raises(deeds.DeedNotProven, match="has not come yet"):
            deeds.conclude(
                draft, notary="N", deed_no="1", concluded_on=TODAY + timedelta(days=1), file=scan(),
                by=people("RESTRUCTURING_OFFICER"), as_of=TODAY, now=NOW,
            )  # fmt: skip

    def test_the_database_keeps_no_concluded_deed_without_number_and_scan(self, draft):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE cases_deed SET state = 'CONCLUDED' WHERE agency_id = %s AND id = %s",
                [draft.agency_id, draft.id],
            )


class TestWatching:
    def test_the_list_tells_the_next_instalment_what_is_missed_and_for_how_long(self, concluded, people):
        """S003-24: monitoring of the portfolio of concluded calendars."""
        officer = people("RESTRUCTURING_OFFICER")
        found = agreements.concluded(officer, kind="deed")
        assert agreements.counts(found, as_of=TODAY) == {
            "kept": 1, "soon": 0, "late": 0, "broken": 0, "to_sign": 0, "done": 0,
        }  # fmt: skip
        (line,) = agreements.lines(list(agreements.in_state(found, "kept", as_of=TODAY)), as_of=TODAY)
        assert (line.next_on, line.next_amount, line.missed) == (TODAY + timedelta(days=30), 300, 0)
        late = TODAY + timedelta(days=32)
        assert agreements.counts(found, as_of=late)["late"] == 1
        (line,) = agreements.lines(list(agreements.in_state(found, "late", as_of=late)), as_of=late)
        assert (line.missed, line.missed_sum, line.days_late) == (1, 300, 2)
        assert line.next_on > late
        assert line.deed.deed_no == "1-2044"

    def test_calendars_without_a_deed_stand_apart(self, concluded, people):
        assert not agreements.concluded(people("RESTRUCTURING_OFFICER"), kind="calendar").exists()


class TestEnforcing:
    """S003-26: from the broken deed straight to enforcement."""

    def test_while_the_deed_is_fulfilled_nothing_is_enforced_from_it(self, concluded, people):
        assert deeds.enforceable(concluded.case) is None
        case = Case.objects.select_related("account", "mandate").get(id=concluded.case_id)
        with pytest.raises(lawsuits.DeedNotBroken):
            lawsuits.save_draft(
                case, reasons=[], text="", ticks=EXPLAINED, by=people("LEGAL_OFFICER"), as_of=TODAY, now=NOW,
                deed=concluded,
            )  # fmt: skip

    def test_a_broken_deed_opens_enforcement_without_a_lawsuit(self, concluded, people):
        """S003-26: decision and approval stay, the lawsuit falls away."""
        deed = broken(concluded)
        assert deeds.enforceable(deed.case).id == deed.id
        assert deeds.open_sum(deed) == 900
        decision = factories.approve_lawsuit(deed.case, reasons=[], deed=deed, ticks=EXPLAINED)
        assert decision.reasons == ["DEED_BROKEN"]
        assert {one.code for one in lawsuits.checks_of(decision)} >= {"DEED_KEPT", "DEED_BROKEN"}
        firm = factories.make_law_firm()
        officer, day = people("LEGAL_OFFICER"), TODAY + timedelta(days=41)
        handoff = handoffs.prepare(decision, firm=firm, by=officer, as_of=day, now=moment(day))
        handoff = handoffs.send(handoff, by=officer, now=moment(day))
        handoffs.accept(handoff, by=factories.make_lawyer(deed.agency, firm), now=NOW)
        assert [kind.code for kind in proceedings.kinds_for(handoff)] == ["ENFORCEMENT"]
        with pytest.raises(proceedings.NotUnderstood, match="no lawsuit"):
            proceedings.open_proceeding(handoff, kind="PAYMENT_ORDER", opened_on=TODAY, by=officer, now=NOW)
        opened = proceedings.open_proceeding(handoff, kind="ENFORCEMENT", opened_on=TODAY, by=officer, now=NOW)
        assert proceedings.rules_of(opened).steps[0].code == "BAILIFF_ASKED"

    def test_without_the_approval_no_enforcement_begins(self, concluded, people):
        deed = broken(concluded)
        decision = lawsuits.save_draft(
            deed.case, reasons=[], text="", ticks=EXPLAINED, by=people("LEGAL_OFFICER"), as_of=TODAY, now=NOW, deed=deed
        )
        lawsuits.ask(decision, by=people("LEGAL_OFFICER"), as_of=TODAY, now=NOW)
        with pytest.raises(handoffs.approvals.ApprovalMissing):
            handoffs.prepare(decision, firm=factories.make_law_firm(), by=people("LEGAL_OFFICER"), as_of=TODAY, now=NOW)

    def test_a_payment_in_time_that_comes_to_light_shuts_the_way_again(self, concluded, people):
        deed = broken(concluded)
        decision = lawsuits.save_draft(
            deed.case, reasons=[], text="", ticks=EXPLAINED, by=people("LEGAL_OFFICER"), as_of=TODAY, now=NOW, deed=deed
        )
        pay(deed.case, 300, on=TODAY + timedelta(days=29), booked=TODAY + timedelta(days=41))
        assert deeds.enforceable(deed.case) is None
        with pytest.raises(lawsuits.DeedNotBroken):
            lawsuits.ask(decision, by=people("LEGAL_OFFICER"), as_of=TODAY, now=NOW)


def test_the_scan_lies_with_the_documents_of_the_case(concluded):
    kinds = Document.objects.filter(case=concluded.case, kind="DEED").values_list("title", flat=True)
    assert len(kinds) == 2
