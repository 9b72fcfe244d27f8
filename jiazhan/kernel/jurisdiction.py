"""The jurisdiction of a business row: scope, tenancy and scale-out in one column.

Django believes that `id` is the primary key; the database has PRIMARY KEY (id, jurisdiction) and composite references.
Joins, saves, related managers and prefetches carry the jurisdiction, so that on a cluster each touches one shard.
"""

import re
from typing import Any

from django.core.exceptions import FieldError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.expressions import Col
from django.db.models.lookups import Exact

from . import ids

CODE = re.compile(r"[0-9]{2}([0-9]{2}([0-9]{2}([0-9]{3})?)?)?")


def is_code(text: str) -> bool:
    """Whether text is the code of a province, city, county or township (GB/T 2260: 2, 4, 6 or 9 digits)."""
    return CODE.fullmatch(text) is not None


class JurisdictionField(models.CharField):
    """The code of the area that a business row belongs to; never null, never changed after the row is made."""

    is_jurisdiction = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 9)
        kwargs.setdefault("validators", [RegexValidator(rf"^{CODE.pattern}$")])
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for key in ("max_length", "validators", "editable"):
            kwargs.pop(key, None)
        return name, path, args, kwargs


def _prefetched(default: models.QuerySet[Any], querysets: Any, instances: Any) -> list[models.QuerySet[Any]]:
    """The queryset of a prefetch, narrowed to the jurisdictions of the rows it is for."""
    queryset = querysets[0] if querysets else default
    if not queryset.query.is_sliced:
        queryset = queryset.filter(jurisdiction__in={each.jurisdiction for each in instances})
    return [queryset]


class _ScopedForward(models.fields.related_descriptors.ForwardManyToOneDescriptor):
    """`reply.opinion`, prefetched with the jurisdiction as well as the id."""

    def get_prefetch_querysets(self, instances: Any, querysets: Any = None) -> Any:
        return super().get_prefetch_querysets(
            instances, _prefetched(self.get_queryset(instance=instances[0]), querysets, instances)
        )


class JurisdictionForeignKey(models.ForeignKey):
    """A reference between business rows of one jurisdiction; the database refuses one that crosses."""

    carries_jurisdiction = True
    forward_related_accessor_class = _ScopedForward

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> Any:
        ours = self.model._meta.get_field("jurisdiction")
        theirs = self.remote_field.model._meta.get_field("jurisdiction")
        return Exact(Col(alias, theirs), Col(related_alias, ours))  # type: ignore[arg-type]

    def get_extra_descriptor_filter(self, instance: models.Model) -> dict[str, Any]:
        return {"jurisdiction": instance.jurisdiction}  # type: ignore[attr-defined]

    def contribute_to_related_class(self, cls: Any, related: Any) -> None:
        super().contribute_to_related_class(cls, related)
        accessor = related.get_accessor_name()
        if accessor and related.multiple:
            setattr(cls, accessor, _ScopedReverse(related))


class _ScopedReverse(models.fields.related_descriptors.ReverseManyToOneDescriptor):
    """`opinion.replies`: filtered by the jurisdiction as well as by the id."""

    @property
    def related_manager_cls(self) -> Any:
        if "_scoped_manager" not in self.__dict__:
            base = super().related_manager_cls

            class ScopedManager(base):  # type: ignore[misc,valid-type]
                def __init__(self, instance: Any) -> None:
                    super().__init__(instance)
                    self.core_filters = {**self.core_filters, "jurisdiction": instance.jurisdiction}  # type: ignore[has-type]

                def get_prefetch_querysets(self, instances: Any, querysets: Any = None) -> Any:
                    narrowed = _prefetched(self.model._default_manager.all(), querysets, instances)
                    return super().get_prefetch_querysets(instances, narrowed)

            self.__dict__["_scoped_manager"] = ScopedManager
        return self.__dict__["_scoped_manager"]


class JurisdictionQuerySet(models.QuerySet[Any]):
    """Refuses what a cluster would get silently wrong."""

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        objs = list(objs)
        if len({each.jurisdiction for each in objs}) > 1:
            raise FieldError("bulk_create takes rows of one jurisdiction at a time")
        return super().bulk_create(objs, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        if "jurisdiction" in kwargs:
            raise FieldError("the jurisdiction of a row never changes")
        return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]


class JurisdictionModel(models.Model):
    """Base of every business table. `jurisdiction` stands first so that it is the first physical column."""

    jurisdiction = JurisdictionField()
    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)

    objects = JurisdictionQuerySet.as_manager()

    # What the row says in the database; None until it is read or written.
    _stored_jurisdiction: str | None = None

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Any:
        loaded = super().from_db(*args, **kwargs)
        loaded._stored_jurisdiction = loaded.__dict__.get("jurisdiction")
        return loaded

    def _get_FIELD_display(self, field: Any) -> Any:
        """The words of a choice. Django's own translates all of a field's choices to find one: 25 states a row of a list."""
        value = getattr(self, field.attname)
        return next((str(words) for choice, words in field.flatchoices if choice == value), value)

    def _do_insert(self, *args: Any) -> Any:
        inserted = super()._do_insert(*args)  # type: ignore[misc]
        self._stored_jurisdiction = self.jurisdiction
        return inserted

    def _do_update(self, base_qs: Any, using: Any, pk_val: Any, values: Any, *rest: Any) -> Any:
        stored = self._stored_jurisdiction or self.jurisdiction
        if stored != self.jurisdiction:
            raise FieldError("the jurisdiction of a row never changes")
        values = [value for value in values if not getattr(value[0], "is_jurisdiction", False)]
        scoped = base_qs.filter(jurisdiction=self.jurisdiction)
        return super()._do_update(scoped, using, pk_val, values, *rest)  # type: ignore[misc]

    def refresh_from_db(self, using: Any = None, fields: Any = None, from_queryset: Any = None) -> None:
        rows = self.__class__._base_manager.all() if from_queryset is None else from_queryset
        super().refresh_from_db(using, fields, rows.filter(jurisdiction=self.jurisdiction))
