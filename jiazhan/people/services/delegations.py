"""Delegations (代表团) of a term, and who sits in which."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import text
from jiazhan.kernel.spreadsheets import Column, Row
from jiazhan.people.models import Delegation, Mandate
from jiazhan.places.models import Term

from .imports import Desk, Effect, Kind, RowRefused, Taken
from .recording import record_about


class DelegationRefused(Exception):
    """The delegation cannot be as asked; the message says why."""

    code = "delegation-refused"


@transaction.atomic
def form(term: Term, *, number: int, name: str, by: audit.Acting, at: datetime) -> Delegation:
    """Enter a delegation. Raises DelegationRefused for an empty name, or one or a number that another has."""
    delegation = Delegation(term=Term.objects.select_for_update().get(pk=term.pk))
    _set(delegation, number=number, name=name)
    delegation.save()
    _record("delegation.formed", delegation, by=by, at=at)
    return delegation


@transaction.atomic
def rename(delegation: Delegation, *, number: int, name: str, by: audit.Acting, at: datetime) -> Delegation:
    """Change its number or name. Raises as `form`."""
    Term.objects.select_for_update().get(pk=delegation.term_id)
    held = Delegation.objects.select_related("term__congress").get(pk=delegation.pk)
    _set(held, number=number, name=name)
    held.save()
    _record("delegation.renamed", held, by=by, at=at)
    return held


@transaction.atomic
def dissolve(delegation: Delegation, *, by: audit.Acting, at: datetime) -> None:
    """Take out one that was entered by mistake. Raises DelegationRefused while deputies sit in it."""
    Term.objects.select_for_update().get(pk=delegation.term_id)
    held = Delegation.objects.select_related("term__congress").get(pk=delegation.pk)
    if count := held.mandates.count():
        raise DelegationRefused(
            _("%(name)s还有 %(n)s 名代表，请先把他们编到别的代表团。") % {"name": held.name, "n": count}
        )
    _record("delegation.dissolved", held, by=by, at=at)
    held.delete()


@transaction.atomic
def seat(mandate: Mandate, *, delegation: Delegation | None, by: audit.Acting, at: datetime) -> Mandate:
    """Put a deputy into a delegation of the same term, or into none. Raises DelegationRefused for one of another term."""
    rows = Mandate.objects.select_for_update(of=("self",)).select_related("term__congress", "deputy", "delegation")
    held = rows.get(pk=mandate.pk)
    if delegation is not None and delegation.term_id != held.term_id:
        raise DelegationRefused(_("%(name)s不是这一届的代表团，请重新选择。") % {"name": delegation.name})
    if held.delegation_id == (delegation.pk if delegation else None):
        return held
    detail = {
        "deputy": held.deputy.name,
        "from": held.delegation.name if held.delegation else "",
        "to": delegation.name if delegation else "",
    }
    held.delegation = delegation
    held.save(update_fields=["delegation"])
    record_about(held, "mandate.seated", area=held.term.congress.region_id or "", by=by, at=at, detail=detail)
    return held


def table_of(term: Term) -> Kind:
    """The kind of file that says who of a term sits in which delegation."""
    return Kind(
        name="delegations",
        label=_("代表团名单"),
        columns=(
            Column("name", "姓名", required=True, most=40, example="周海燕"),
            Column("delegation", "代表团", required=True, most=60, example="望江代表团"),
            Column("constituency", "选区", synonyms=("选举单位",), most=80, note="有同名代表时用来区分。"),
        ),
        notes=(_("表里没有的代表团会新建；没有列出的代表保持不变。"),),
        take=lambda row, desk: _take(row, desk, term),
    )


def _take(row: Row, desk: Desk, term: Term) -> Taken:
    found = Mandate.objects.filter(term=term, deputy__name=row["name"]).select_related("constituency", "delegation")
    if row["constituency"]:
        found = found.filter(constituency__name=row["constituency"])
    mandates = list(found[:2])
    if not mandates:
        raise RowRefused("姓名", _("本届没有代表“%(name)s”") % {"name": row["name"]})
    if len(mandates) > 1:
        raise RowRefused("选区", _("本届有几位“%(name)s”，请填选区来区分") % {"name": row["name"]})
    desk.once(row, "姓名", mandates[0].pk)
    delegation = Delegation.objects.filter(term=term, name=row["delegation"]).first()
    warnings: tuple[str, ...] = ()
    if delegation is None:
        last = Delegation.objects.filter(term=term).aggregate(last=Max("number"))["last"] or 0
        delegation = form(term, number=last + 1, name=row["delegation"], by=desk.by, at=desk.at)
        warnings = (_("新建代表团“%(name)s”") % {"name": delegation.name},)
    said = f"{row['name']} {delegation.name}"
    if mandates[0].delegation_id == delegation.pk:
        return Taken(Effect.SAME, said)
    effect = Effect.CHANGED if mandates[0].delegation_id else Effect.NEW
    seat(mandates[0], delegation=delegation, by=desk.by, at=desk.at)
    return Taken(effect, said, warnings)


def _set(delegation: Delegation, *, number: int, name: str) -> None:
    name = text.clean_line(name)[:60]
    others = Delegation.objects.filter(term=delegation.term_id).exclude(pk=delegation.pk)
    if not name:
        raise DelegationRefused(_("请填写代表团的名称。"))
    if others.filter(name=name).exists():
        raise DelegationRefused(_("本届已经有一个叫“%(name)s”的代表团。") % {"name": name})
    if others.filter(number=number).exists():
        raise DelegationRefused(_("本届第 %(number)s 号已经是别的代表团。") % {"number": number})
    delegation.number, delegation.name = number, name


def _record(action: str, delegation: Delegation, *, by: audit.Acting, at: datetime) -> None:
    area = delegation.term.congress.region_id or ""
    detail = {"term": str(delegation.term), "name": delegation.name, "number": delegation.number}
    record_about(delegation, action, area=area, by=by, at=at, detail=detail)
