"""Into an agency leads one way: an invitation, for one address, once, within seven days."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies import invitations
from agencies.models import Invitation, Membership, User
from agencies.scope import agency_scope
from audit.models import Event
from tests import factories

COLLECTOR = "COLLECTOR"
PASSWORD = "four quiet words here"


@pytest.fixture
def administrator(agency, member):
    return member("AGENCY_ADMINISTRATOR")


@pytest.fixture
def invited(agency, administrator):
    with agency_scope(agency.id):
        _invitation, secret = invitations.invite(
            email="New@Example.test", role=COLLECTOR, by=administrator, now=timezone.now()
        )
    return secret


def join(secret, client=None, **fields):
    return (client or Client()).post(reverse("join", args=[secret]), fields)


@pytest.mark.django_db(transaction=True)
def test_the_link_arrives_by_mail_and_opens_a_place(agency, administrator, mailoutbox):
    page = factories.client_of(administrator)
    answer = page.post(reverse("people"), {"email": "new@example.test", "role": COLLECTOR})
    assert answer.status_code == 302
    (mail,) = mailoutbox
    assert mail.to == ["new@example.test"]
    path = re.search(r"(/join/\S+)", mail.body).group(1)
    browser = Client()
    assert browser.get(path).status_code == 200
    assert browser.post(path, {"full_name": "Ana Rusu", "password": PASSWORD}).url == "/"
    assert browser.get(reverse("preferences")).status_code == 200
    membership = Membership.before_scope.get(user__email="new@example.test")
    assert (membership.agency_id, membership.role) == (agency.id, COLLECTOR)


def test_a_link_works_once(invited):
    assert join(invited, full_name="Ana", password=PASSWORD).status_code == 302
    assert join(invited, full_name="Ana", password=PASSWORD).status_code == 410


def test_a_link_ends_after_seven_days(agency, administrator):
    long_ago = timezone.now() - timedelta(days=7, seconds=1)
    with agency_scope(agency.id):
        _invitation, secret = invitations.invite(email="n@example.test", role=COLLECTOR, by=administrator, now=long_ago)
    assert join(secret, full_name="Ana", password=PASSWORD).status_code == 410
    assert not User.objects.filter(email="n@example.test").exists()


def test_a_withdrawn_link_is_dead(agency, administrator, invited):
    with agency_scope(agency.id):
        invitations.withdraw(Invitation.objects.get(), by=administrator, now=timezone.now())
    assert join(invited, full_name="Ana", password=PASSWORD).status_code == 410


def test_a_second_invitation_ends_the_first(agency, administrator, invited):
    with agency_scope(agency.id):
        _second, secret = invitations.invite(
            email="new@example.test", role="MANAGER", by=administrator, now=timezone.now()
        )
    assert join(invited, full_name="Ana", password=PASSWORD).status_code == 410
    assert join(secret, full_name="Ana", password=PASSWORD).status_code == 302


def test_an_unknown_link_tells_nothing(db):
    answer = Client().get(reverse("join", args=["guess"]))
    assert answer.status_code == 410


def test_a_weak_password_is_refused_and_the_link_still_works(invited):
    answer = join(invited, full_name="Ana", password="short")
    assert answer.status_code == 422
    assert join(invited, full_name="Ana", password=PASSWORD).status_code == 302


def test_somebody_who_works_elsewhere_accepts_as_themselves(agency, other_agency, administrator):
    elsewhere = factories.make_member(other_agency, COLLECTOR, email="ana@example.test")
    with agency_scope(agency.id):
        _invitation, secret = invitations.invite(
            email="ana@example.test", role="MANAGER", by=administrator, now=timezone.now()
        )
    assert Client().get(reverse("join", args=[secret])).url.startswith("/accounts/login/")
    browser = factories.client_of(elsewhere)
    assert browser.get(reverse("join", args=[secret])).status_code == 200
    assert join(secret, browser).status_code == 302
    assert Membership.before_scope.filter(user=elsewhere.user).count() == 2


def test_an_invitation_is_not_taken_by_somebody_else(agency, other_agency, administrator):
    factories.make_user(email="ana@example.test")
    with agency_scope(agency.id):
        _invitation, secret = invitations.invite(
            email="ana@example.test", role="MANAGER", by=administrator, now=timezone.now()
        )
    thief = factories.client_of(factories.make_member(other_agency, COLLECTOR))
    assert join(secret, thief).status_code == 409
    assert not Membership.before_scope.filter(agency=agency, role="MANAGER").exists()


def test_who_works_here_is_not_invited_again(in_agency, member):
    collector = member(COLLECTOR)
    with pytest.raises(invitations.AlreadyMember):
        invitations.invite(email=collector.user.email, role=COLLECTOR, by=collector, now=timezone.now())


def test_only_a_hash_of_the_secret_is_stored(agency, invited):
    with agency_scope(agency.id):
        invitation = Invitation.objects.get()
    assert invited.encode() not in bytes(invitation.token_hash)
    assert len(bytes(invitation.token_hash)) == 32


def test_history_names_no_address(agency, invited):
    with agency_scope(agency.id):
        assert "example.test" not in str(list(Event.objects.values_list("data", flat=True)))


@pytest.mark.parametrize(("role", "with_creditor"), [("CREDITOR_USER", False), (COLLECTOR, True)])
def test_a_creditor_belongs_to_a_creditor_user_and_nobody_else(in_agency, member, role, with_creditor):
    creditor_id = factories.make_creditor().id if with_creditor else None
    with pytest.raises(invitations.CreditorMissing):
        invitations.invite(
            email="c@example.test", role=role, creditor_id=creditor_id, by=member(COLLECTOR), now=timezone.now()
        )


def test_a_creditor_of_another_agency_cannot_be_chosen(in_agency, other_agency, member):
    inviter = member(COLLECTOR)
    with pytest.raises(invitations.CreditorMissing):
        invitations.invite(
            email="c@example.test", role="CREDITOR_USER", creditor_id=10**9, by=inviter, now=timezone.now()
        )
