"""A person or company, told apart by a sealed national id, and every way in which they may be reached."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Language, User
from agencies.owned import AgencyForeignKey, AgencyOwned
from common.crypto import blind_index, seal, unseal
from common.walls import walls

NATIONAL_ID_COLUMN = "debtors_debtor.national_id"


class PersonKind(models.TextChoices):
    PERSON = "PERSON", _("Person")
    COMPANY = "COMPANY", _("Company")


class PayingWay(models.TextChoices):
    """How a debtor pays (S004-20)."""

    BRANCH = "BRANCH", _("At a branch or cash desk")
    CARD = "CARD", _("By card")
    ONLINE = "ONLINE", _("Internet or phone banking")
    DIRECT_DEBIT = "DIRECT_DEBIT", _("Direct debit")
    STANDING_ORDER = "STANDING_ORDER", _("Standing order")


class Debtor(AgencyOwned):
    """The person or company that owes; co-debtors, guarantors and other parties are kept here too."""

    kind = models.CharField(max_length=8, choices=PersonKind.choices, default=PersonKind.PERSON)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, db_collation="C")
    """The folded name (`common.folding.fold`), for prefix search by range."""
    birth_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=5, choices=[*Language.choices, ("ru", "Русский")], default=Language.ENGLISH)
    country = models.CharField(max_length=2)
    """Country of residence: decides law and clock together with the contact point."""
    region = models.CharField(max_length=40, blank=True)
    time_zone = models.CharField(max_length=40, blank=True)
    """Declared by the debtor; wins over what the address says."""
    preference = models.JSONField(default=dict)
    """Reasonable wishes about when to be contacted: {"mon": ["18:00", "20:00"], …}; empty = none."""
    national_id_sealed = models.BinaryField(null=True)
    national_id_index = models.BinaryField(null=True)
    source_reference = models.CharField(max_length=80, blank=True)
    """The creditor's own number for this person, used for identity when there is no national id."""
    employer_name = models.CharField(max_length=160, blank=True)
    monthly_income = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    pays_by = models.CharField(max_length=14, choices=PayingWay.choices, blank=True, default="", db_default="")
    """The way of paying last agreed with them, proposed the next time."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("debtors_debtor"),
            models.UniqueConstraint(
                fields=["agency", "national_id_index"], name="debtors_debtor_national_id_key",
                condition=Q(national_id_index__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(national_id_sealed__isnull=True, national_id_index__isnull=True)
                | Q(national_id_sealed__isnull=False, national_id_index__isnull=False),
                name="debtors_debtor_national_id_pair",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["agency", "name_key"], name="debtors_debtor_name"),
            models.Index(fields=["agency", "source_reference"], name="debtors_debtor_source"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def national_id(self) -> str:
        if self.national_id_sealed is None:
            return ""
        return unseal(bytes(self.national_id_sealed), agency_id=self.agency_id, column=NATIONAL_ID_COLUMN)

    def set_national_id(self, normalised: str, *, agency_id: int) -> None:
        self.national_id_sealed = seal(normalised, agency_id=agency_id, column=NATIONAL_ID_COLUMN)
        self.national_id_index = national_id_index(normalised, agency_id=agency_id)


def national_id_index(normalised: str, *, agency_id: int) -> bytes:
    return blind_index(normalised, agency_id=agency_id, column=NATIONAL_ID_COLUMN)


class NameToken(AgencyOwned):
    """One folded word of a name, so that any word finds the person by a range on an index."""

    debtor = AgencyForeignKey(Debtor, on_delete=models.CASCADE)
    token = models.CharField(max_length=60, db_collation="C")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("debtors_nametoken", debtor="debtors_debtor"),
            models.UniqueConstraint(fields=["agency", "token", "debtor"], name="debtors_nametoken_key"),
        ]
        indexes = [models.Index(fields=["agency", "debtor"], name="debtors_nametoken_debtor")]


class ContactPointKind(models.TextChoices):
    PHONE = "PHONE", _("Phone")
    EMAIL = "EMAIL", _("E-mail")
    ADDRESS = "ADDRESS", _("Address")
    ACCOUNT = "ACCOUNT", _("Bank account (IBAN)")
    """Where money comes from; nobody is reached there, so pages for contacts leave it out."""


class OwnerRole(models.TextChoices):
    """Whose contact point it is, in the order in which phones are tried (seed 004, 2.2)."""

    HOLDER = "HOLDER", _("Holder")
    EMPLOYER = "EMPLOYER", _("Employer")
    THIRD_PARTY = "THIRD_PARTY", _("Third party")


class Validity(models.TextChoices):
    UNKNOWN = "UNKNOWN", _("Not tried")
    VALID = "VALID", _("Valid")
    INVALID = "INVALID", _("Invalid")
    WRONG_NUMBER = "WRONG_NUMBER", _("Wrong number")
    DISCONNECTED = "DISCONNECTED", _("Disconnected")
    UNDELIVERABLE = "UNDELIVERABLE", _("Undeliverable")
    UNCONFIRMED = "UNCONFIRMED", _("Not confirmed as the debtor's own")


USABLE = (Validity.UNKNOWN, Validity.VALID)


class ContactPoint(AgencyOwned):
    """A phone, e-mail or address of a person, or a bank account they pay from.

    `value` is normalised: E.164 for phones, lower case for e-mails, one line for addresses, no spaces in
    an IBAN. A number given by a third party stays UNCONFIRMED until it is known to be the debtor's (seed 004, 6.2).
    """

    debtor = AgencyForeignKey(Debtor)
    kind = models.CharField(max_length=8, choices=ContactPointKind.choices)
    owner_role = models.CharField(max_length=12, choices=OwnerRole.choices, default=OwnerRole.HOLDER)
    place = models.CharField(
        max_length=10,
        choices=[("HOME", _("Home")), ("WORKPLACE", _("Workplace")), ("MOBILE", _("Mobile")), ("OTHER", _("Other"))],
        default="HOME",
    )
    value = models.CharField(max_length=240, db_collation="C")
    street = models.CharField(max_length=160, blank=True)
    city = models.CharField(max_length=80, blank=True)
    postal_code = models.CharField(max_length=12, blank=True)
    region = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    source = models.CharField(max_length=40, default="CREDITOR")
    """Where it comes from: CREDITOR, DEBTOR, THIRD_PARTY, or a skip-tracing source such as TOWN_HALL."""
    validity = models.CharField(max_length=14, choices=Validity.choices, default=Validity.UNKNOWN)
    verified_at = models.DateTimeField(null=True)
    last_answered_at = models.DateTimeField(null=True)
    time_zone = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("debtors_contactpoint", debtor="debtors_debtor"),
            models.UniqueConstraint(
                fields=["agency", "debtor", "kind", "value"], name="debtors_contactpoint_value_key"
            ),
        ]
        indexes = [models.Index(fields=["agency", "kind", "value"], name="debtors_contactpoint_value")]

    def __str__(self) -> str:
        return self.value


class PersonStatus(AgencyOwned):
    """What is true of the person and stops or limits contact on all their cases: deceased, insolvent, represented…

    Codes are those of the policy packs in upper case.
    """

    class Code(models.TextChoices):
        DECEASED = "DECEASED", _("Deceased")
        MINOR = "MINOR", _("Minor")
        INSOLVENCY_OPEN = "INSOLVENCY_OPEN", _("Insolvency open")
        DISCHARGED = "DISCHARGED", _("Discharged in insolvency")
        REPRESENTED = "REPRESENTED", _("Represented by a lawyer")
        CEASE_REQUEST = "CEASE_REQUEST", _("Asked for contact to cease")
        ERASURE_OR_OBJECTION_PENDING = "ERASURE_OR_OBJECTION_PENDING", _("Data-protection request pending")
        VULNERABLE_HOLD = "VULNERABLE_HOLD", _("Vulnerable")
        IDENTITY_THEFT = "IDENTITY_THEFT", _("Identity theft")
        ABROAD = "ABROAD", _("Left the country")
        IMPRISONED = "IMPRISONED", _("In prison")
        BREATHING_SPACE = "BREATHING_SPACE", _("Breathing space")

    debtor = AgencyForeignKey(Debtor)
    code = models.CharField(max_length=30, choices=Code.choices)
    since = models.DateField()
    ended_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=400, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("debtors_personstatus", debtor="debtors_debtor"),
            models.UniqueConstraint(
                fields=["agency", "debtor", "code"], condition=Q(ended_at=None), name="debtors_personstatus_open_key"
            ),
        ]


class OptOut(AgencyOwned):
    """The person does not want to be reached through a channel (or one contact point of it); effective at once."""

    debtor = AgencyForeignKey(Debtor)
    channel = models.CharField(max_length=8)
    contact_point = AgencyForeignKey(ContactPoint, null=True, blank=True)
    source = models.CharField(max_length=40)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("debtors_optout", debtor="debtors_debtor", contact_point="debtors_contactpoint"),
        ]
        indexes = [models.Index(fields=["agency", "debtor"], name="debtors_optout_debtor")]


class Consent(AgencyOwned):
    """A consent that a rule may need (`prerecorded_ok`, `ecomm_optin`, …), with how and when it was given."""

    debtor = AgencyForeignKey(Debtor)
    kind = models.CharField(max_length=30)
    given_at = models.DateTimeField()
    how = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [*walls("debtors_consent", debtor="debtors_debtor")]
        indexes = [models.Index(fields=["agency", "debtor"], name="debtors_consent_debtor")]
