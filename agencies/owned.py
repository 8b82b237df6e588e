"""`AgencyOwned`: the base of every table whose rows belong to one agency. See `docs/adr/0001-tenancy.md`."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models
from django.forms import ModelChoiceField

from agencies.scope import OtherAgencyInScope, current_agency_id

M = TypeVar("M", bound=models.Model)


class AgencyQuerySet(models.QuerySet[M]):
    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        rows = list(objs)
        for row in rows:
            _claim(row)
        return super().bulk_create(rows, *args, **kwargs)


class AgencyManager(models.Manager[M]):
    """Rows of the agency in scope. Raises `NoAgencyInScope` as soon as a query is begun outside of a scope."""

    def get_queryset(self) -> AgencyQuerySet[M]:
        return AgencyQuerySet(self.model, using=self._db).filter(agency_id=current_agency_id())

    def none(self) -> AgencyQuerySet[M]:
        """An empty set touches nothing and needs no scope: forms begin with it."""
        return AgencyQuerySet(self.model, using=self._db).none()


class AgencyForeignKey(models.ForeignKey):  # type: ignore[type-arg]
    """A pointer to another agency-owned table; its constraint is the composite key that `walls` declares."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs.setdefault("db_constraint", False)
        kwargs.setdefault("db_index", False)
        kwargs.setdefault("related_name", "+")
        super().__init__(to, on_delete, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        """A choice among rows of the agency. It begins empty: the form fills it when it is made, inside the scope."""
        owner: Any = self.remote_field.model
        choice = {
            "form_class": ModelChoiceField, "queryset": owner.objects.none(),
            "to_field_name": self.remote_field.field_name, "blank": self.blank,
        }  # fmt: skip
        return models.Field.formfield(self, **{**choice, **kwargs})


class AgencyOwned(models.Model):
    """A row of one agency. `agency` is filled from the scope; writing another agency's row raises."""

    id = models.BigAutoField(primary_key=True)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: Any = AgencyManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        _claim(self)
        super().save(*args, **kwargs)


def _claim(row: Any) -> None:
    current = current_agency_id()
    if row.agency_id is None:
        row.agency_id = current
    elif row.agency_id != current:
        raise OtherAgencyInScope(f"row of agency {row.agency_id} written while agency {current} is in scope")
