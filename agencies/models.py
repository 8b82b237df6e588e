"""Agencies and the people who sign in. User, membership, invitation and token can be read before a scope is open."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.api_scopes import PERSONAL, ApiScope, labels_of, usable_with
from agencies.owned import AgencyForeignKey, AgencyOwned
from agencies.permissions import Permission
from agencies.roles import ROLE_CHOICES, ROLES, Role
from common.walls import walls


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    ROMANIAN = "ro", "Română"
    ITALIAN = "it", "Italiano"
    CZECH = "cs", "Čeština"
    LITHUANIAN = "lt", "Lietuvių"


class Agency(models.Model):
    """The tenant: one collection agency."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    country = models.CharField(max_length=2)
    time_zone = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.ENGLISH)
    address = models.CharField(max_length=240, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    registration_no = models.CharField(max_length=40, blank=True)
    licence_no = models.CharField(max_length=60, blank=True)
    sms_sender = models.CharField(max_length=20, blank=True)
    voice_caller = models.CharField(max_length=20, blank=True)
    payment_iban = models.CharField(max_length=34, blank=True)
    requires_mfa = models.BooleanField(default=False)
    """Members without a second factor are led to set one up before anything else."""
    contact_profile = models.JSONField(default=dict)
    """On top of the law: {"flags": [...], "tighten": [...], "holidays": {"MD": ["2026-10-14"]}}."""
    call_cost = models.DecimalField(max_digits=8, decimal_places=4, default=0)
    sms_cost = models.DecimalField(max_digits=8, decimal_places=4, default=0)
    letter_cost = models.DecimalField(max_digits=8, decimal_places=4, default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person who signs in, by e-mail. What they may do comes from the membership in the agency they work in."""

    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=120)
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.ENGLISH)
    theme = models.CharField(
        max_length=6, choices=[("auto", _("System")), ("light", _("Light")), ("dark", _("Dark"))], default="auto"
    )
    density = models.CharField(max_length=8, choices=[("cozy", _("Cozy")), ("compact", _("Compact"))], default="cozy")
    shortcuts = models.JSONField(default=dict)
    """{"off": bool, "keys": {action: key}, "after": "next" | "stay" | "list"}"""
    is_active = models.BooleanField(default=True)
    is_platform_operator = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="agencies_user_email_lower_key")]

    def __str__(self) -> str:
        return self.full_name or self.email


class Team(AgencyOwned):
    """A regional or functional team; its coordinator is a member with the coordinator's role."""

    name = models.CharField(max_length=80)
    kind = models.CharField(
        max_length=20,
        choices=[
            ("CALL_CENTRE", _("Call centre")), ("FIELD", _("Field")), ("SKIP_TRACING", _("Skip tracing")),
            ("RESTRUCTURING", _("Administration and restructuring")), ("ANTI_FRAUD", _("Anti-fraud")),
            ("LEGAL", _("Legal")), ("EXPERT", _("Expert negotiators")),
        ],
        default="CALL_CENTRE",
    )  # fmt: skip

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("agencies_team"),
            models.UniqueConstraint(fields=["agency", "name"], name="agencies_team_name_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(AgencyOwned):
    """A user's place in an agency: one role, perhaps a team. Cases, promises and entries name the membership's user."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    team = AgencyForeignKey(Team, null=True, blank=True)
    languages = models.JSONField(default=list)
    capacity = models.PositiveIntegerField(default=300)
    is_active = models.BooleanField(default=True)
    is_expert = models.BooleanField(default=False, db_default=False)
    """Trained for hard talks, also with the debtor's advisers; a team of experts makes all its members so (S002-04)."""
    created_at = models.DateTimeField(auto_now_add=True)

    before_scope: Any = models.Manager()
    """For finding which agency a person belongs to, before a scope is open; row security still applies inside one."""

    class Meta(AgencyOwned.Meta):
        default_manager_name = "objects"
        constraints = [
            *walls("agencies_membership", readable_before_scope=True, team="agencies_team"),
            models.UniqueConstraint(fields=["agency", "user"], name="agencies_membership_user_key"),
        ]
        indexes = [models.Index(fields=["agency", "team"], name="agencies_membership_team")]

    def __str__(self) -> str:
        return f"{self.user} · {self.role_class.label}"

    @property
    def role_class(self) -> type[Role]:
        return ROLES[self.role]

    def may(self, permission: Permission | str) -> bool:
        return permission in self.role_class.permissions


class Invitation(AgencyOwned):
    """An offer of membership sent by e-mail; only the hash of its token is stored."""

    email = models.EmailField()
    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    team = AgencyForeignKey(Team, null=True, blank=True)
    creditor_id = models.BigIntegerField(null=True, blank=True)
    """For a creditor user: the creditor (of the floor above, hence no key) whose cases they may see."""
    law_firm_id = models.BigIntegerField(null=True, blank=True)
    """For a law-firm user: the firm (of the floor above, hence no key) whose handoffs they may see."""
    token_hash = models.BinaryField(unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    """None: the platform itself, when the agency was created."""
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    before_scope: Any = models.Manager()

    class Meta(AgencyOwned.Meta):
        default_manager_name = "objects"
        constraints = [
            *walls("agencies_invitation", readable_before_scope=True, team="agencies_team"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="agencies_invitation_expires_later"
            ),
        ]


class ApiToken(AgencyOwned):
    """A machine's key to the API: acts as its membership. Only the hash is stored; the prefix helps to recognise it."""

    membership = AgencyForeignKey(Membership)
    name = models.CharField(max_length=80)
    scopes = models.JSONField(null=True)
    """Values of `ApiScope`; None, for tokens older than scopes: all of them."""
    prefix = models.CharField(max_length=12)
    token_hash = models.BinaryField(unique=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    before_scope: Any = models.Manager()

    class Meta(AgencyOwned.Meta):
        default_manager_name = "objects"
        constraints = [*walls("agencies_apitoken", readable_before_scope=True, membership="agencies_membership")]
        indexes = [models.Index(fields=["agency", "membership"], name="agencies_apitoken_member")]

    @property
    def by_another(self) -> bool:
        """Whether somebody else handed it out in the member's name."""
        return self.created_by_id != self.membership.user_id

    @property
    def granted(self) -> frozenset[str]:
        """The scopes it may be used with: those it was issued for, as far as the role of its member reaches now."""
        scopes = frozenset(ApiScope.values if self.scopes is None else self.scopes)
        scopes &= usable_with(self.membership.role_class.permissions)
        return scopes - PERSONAL if self.by_another else scopes

    @property
    def scope_labels(self) -> list[str]:
        return labels_of(self.granted)
