"""An agency is created whole, by the platform's operator or from a shell."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies import creating
from agencies.models import Agency, Membership
from agencies.scope import agency_scope
from tests import factories

VALUES = {
    "name": "Prut Collect", "slug": "prut", "country": "MD", "time_zone": "Europe/Chisinau", "currency": "MDL",
    "language": "ro", "admin_email": "admin@prut.test",
}  # fmt: skip


@pytest.fixture
def operator(db):
    client = Client()
    user = factories.make_user(is_platform_operator=True)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.django_db(transaction=True)
def test_the_first_administrator_is_invited(mailoutbox):
    made = creating.create_agency(**VALUES, by=None, now=timezone.now())
    assert made.invitation.role == "AGENCY_ADMINISTRATOR"
    assert [mail.to for mail in mailoutbox] == [["admin@prut.test"]]


def test_with_a_password_the_administrator_signs_in_at_once(db):
    made = creating.create_agency(**VALUES, password="four quiet words here", by=None, now=timezone.now())
    assert made.membership.user.check_password("four quiet words here")


def test_every_floor_sets_up_what_it_needs_within_the_scope(db, monkeypatch):
    seen = []
    monkeypatch.setitem(creating._setups, "test", lambda agency: seen.append(Membership.objects.count()))
    creating.create_agency(**VALUES, by=None, now=timezone.now())
    assert seen == [0]


@pytest.mark.parametrize(
    ("field", "value"),
    [("country", "Moldova"), ("time_zone", "Mars/Base"), ("currency", "lei"), ("language", "tlh")],
)
def test_what_does_not_exist_is_refused(db, field, value):
    with pytest.raises(creating.AgencyNotUnderstood) as refusal:
        creating.create_agency(**VALUES | {field: value}, by=None, now=timezone.now())
    assert refusal.value.field == field
    assert not Agency.objects.exists()


def test_short_names_are_unique(db):
    creating.create_agency(**VALUES, by=None, now=timezone.now())
    with pytest.raises(creating.AgencyExists):
        creating.create_agency(**VALUES, by=None, now=timezone.now())


def test_the_command_prints_the_link(db, capsys):
    call_command(
        "create_agency", "Bega Recuperare", country="RO", time_zone="Europe/Bucharest", currency="RON",
        admin_email="a@bega.test",
    )  # fmt: skip
    assert "/join/" in capsys.readouterr().out
    assert Agency.objects.get().slug == "bega-recuperare"


def test_the_command_says_why_not(db):
    with pytest.raises(CommandError, match="time zone"):
        call_command(
            "create_agency", "Bega", country="RO", time_zone="Nowhere", currency="RON", admin_email="a@bega.test"
        )


@pytest.mark.django_db(databases=["default", "platform"], transaction=True)
def test_the_operator_sees_how_many_people_and_creates(agency, member):
    member("COLLECTOR")
    client = Client()
    user = factories.make_user(is_platform_operator=True)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/").url == reverse("platform")
    page = client.get(reverse("platform"))
    assert page.context["people"] == {agency.id: 1}
    assert client.post(reverse("platform"), VALUES).status_code == 302
    assert Agency.objects.filter(slug="prut").exists()
    assert client.post(reverse("platform"), VALUES | {"currency": "lei"}).status_code == 422


@pytest.mark.parametrize("name", ["people", "agency-settings", "history", "api-tokens"])
def test_the_operator_opens_no_page_of_an_agency(operator, agency, name):
    assert operator.get(reverse(name)).status_code == 403


@pytest.mark.parametrize("role", ["AGENCY_ADMINISTRATOR", "MANAGER", "COLLECTOR"])
def test_members_do_not_operate_the_platform(member, role):
    assert factories.client_of(member(role)).get(reverse("platform")).status_code == 403


def test_an_operator_sees_no_rows_of_agencies(operator, agency, member):
    with agency_scope(agency.id):
        factories.make_creditor()
    assert Membership.before_scope.filter(user__is_platform_operator=True).count() == 0
