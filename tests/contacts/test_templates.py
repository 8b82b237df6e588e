"""Texts: a closed list of variables, hard limits, versions that two people make."""

import pytest

from contacts import default_templates, template_versions, templating, wording
from contacts.models import Template
from contacts.template_versions import Choices
from tests import factories
from tests.contacts.conftest import MORNING

HOW = {"name": "short", "channel": "SMS", "language": "ro", "kind": "REMINDER"}


@pytest.mark.parametrize(
    "body",
    [
        "{{ debtor.national_id }}",
        "{{ case.delete }}",
        "{{ settings.SECRET_KEY }}",
        "{% if secret %}x{% endif %}",
        "{% include 'other' %}",
        "{{ case.overdue",
        "{% for n in (1..1000000) %}{{ m }}{% endfor %}",
    ],
)
def test_a_text_that_reaches_for_more_is_refused(body):
    with pytest.raises(templating.TextNotUnderstood):
        templating.read(body)


def test_a_text_that_would_never_end_is_stopped():
    with pytest.raises(templating.TextNotUnderstood):
        templating.read("{% for n in (1..100000) %}{{ today }}{% endfor %}").render({"today": "x"})


def test_a_missing_value_is_an_error_and_no_empty_sentence():
    with pytest.raises(templating.TextNotUnderstood):
        templating.read("{{ promise.amount }}").render({"debtor": {"name": "x"}})


@pytest.mark.parametrize(
    ("text", "number"),
    [("a" * 160, 1), ("a" * 161, 2), ("ș" * 70, 1), ("ș" * 71, 2), ("€" * 80, 1), ("€" * 81, 2)],
)
def test_letters_outside_the_basic_alphabet_cost_more_messages(text, number):
    assert templating.segments(text) == number


@pytest.mark.parametrize(
    ("channel", "body", "element"),
    [
        ("SMS", "{{ case.overdue }}", "amount_detail"),
        ("SMS", "Reply STOP", "opt_out"),
        ("LETTER", "{{ case.assigned_on }}", "transfer_date"),
        ("LETTER", "anything", "amounts_itemised"),
        ("SMS", "We will call the police", "threat"),
        ("LETTER", "Plângere penală", "threat"),
    ],
)
def test_what_a_text_holds_is_detected(channel, body, element):
    """S004-25."""
    assert element in templating.detected_elements(channel=channel, body=body)


def test_every_shipped_text_in_every_language_can_be_filled_in(in_agency):
    default_templates.create(in_agency)
    case = factories.make_case()
    facts = wording.collect([case.id], now=MORNING)[case.id]
    for template in Template.objects.exclude(kind="PROMISE_CONFIRMATION"):
        values = wording.values(facts, language=template.language)
        assert templating.read(template.body).render(values)
    assert Template.objects.count() == len(default_templates.LANGUAGES) * len(default_templates.PURPOSES)


def test_no_shipped_text_threatens(in_agency):
    """S000-09, S004-25."""
    default_templates.create(in_agency)
    for template in Template.objects.all():
        assert not {"threat", "court_lookalike"} & set(template.elements)


def test_every_shipped_sms_says_how_to_stop_and_italian_ones_name_no_amount(in_agency):
    default_templates.create(in_agency)
    for template in Template.objects.filter(channel="SMS"):
        assert "opt_out" in template.elements
        assert template.language != "it" or "amount_detail" not in template.elements


def test_setting_an_agency_up_twice_changes_nothing(in_agency):
    default_templates.create(in_agency)
    before = Template.objects.count()
    default_templates.create(in_agency)
    assert Template.objects.count() == before


def test_the_writer_may_not_approve(in_agency, member):
    writer = member("COORDINATOR")
    template = template_versions.write(**HOW, body="{{ agency.name }} STOP", by=writer, now=MORNING)
    with pytest.raises(template_versions.SecondPersonNeeded):
        template_versions.approve(template, by=writer, now=MORNING)


def test_a_new_version_replaces_the_old_one_only_when_approved(in_agency, member):
    writer, approver = member("COORDINATOR"), member("MANAGER")
    for body in ("one", "two"):
        version = template_versions.write(**HOW, body=body, by=writer, now=MORNING)
        if body == "one":
            template_versions.approve(version, by=approver, now=MORNING)
    assert Choices(name="short", channel="SMS").in_language("ro").body == "one"
    template_versions.approve(version, by=approver, now=MORNING)
    assert Choices(name="short", channel="SMS").in_language("ro").body == "two"


def test_a_debtor_is_written_to_in_the_agencys_language_when_theirs_is_missing(in_agency, member):
    in_agency.language = "ro"
    in_agency.save()
    template = template_versions.write(**HOW, body="salut", by=member("COORDINATOR"), now=MORNING)
    template_versions.approve(template, by=member("MANAGER"), now=MORNING)
    assert Choices(name="short", channel="SMS").in_language("lt").body == "salut"
