"""Writing the record, in the transaction of the act itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import connection

from jiazhan.kernel.jurisdiction import JurisdictionModel

from .models import Entry

_FIELDS = [field for field in Entry._meta.concrete_fields if not field.generated]
# Every act writes an entry or more: made by the ORM anew each time, the statement costs several times its execution.
_INSERT = "INSERT INTO {table} ({columns}) VALUES ({values})".format(
    table=Entry._meta.db_table,
    columns=", ".join(str(field.column) for field in _FIELDS),
    values=", ".join(["%s"] * len(_FIELDS)),
)


@dataclass(frozen=True)
class Actor:
    """Somebody who acts without an account: an anonymous author, the system itself."""

    kind: str
    name: str
    id: str = ""


@dataclass(frozen=True)
class Subject:
    """What an act was done to where it is a reference row, such as an account: it has no jurisdiction of its own."""

    jurisdiction: str
    label: str
    pk: Any


class Acting(Protocol):
    """Whoever can stand behind an act: an account, or an Actor."""

    @property
    def kind(self) -> Any: ...
    @property
    def name(self) -> Any: ...
    @property
    def id(self) -> Any: ...


SYSTEM = Actor(kind="system", name="系统")


def record(
    action: str, subject: JurisdictionModel | Subject, *, by: Acting, at: datetime, detail: dict[str, Any] | None = None
) -> Entry:
    """Append an entry about `subject` to its jurisdiction's record.

    `detail` holds what the timeline needs to say and nothing that must be deletable: no contact data, no message text.
    The database seals the entry when the transaction commits; neither can be changed or deleted afterwards.
    """
    entry = Entry(
        jurisdiction=subject.jurisdiction,
        action=action,
        subject_label=subject.label if isinstance(subject, Subject) else subject._meta.label_lower,
        subject_id=str(subject.pk),
        actor_kind=str(by.kind),
        actor_id=str(by.id or ""),
        actor_name=by.name,
        at=at,
        detail=detail or {},
    )
    with connection.prepared() as cursor:  # type: ignore[attr-defined]
        cursor.execute(
            _INSERT, [field.get_db_prep_save(getattr(entry, field.attname), connection) for field in _FIELDS]
        )
    entry._state.adding = False
    return entry
