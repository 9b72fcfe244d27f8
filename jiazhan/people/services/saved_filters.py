"""Filters that somebody keeps under a name: saved, renamed, deleted, each account its own."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan.kernel.text import clean_line
from jiazhan.people.models import Account, SavedFilter

from .recording import area_of, record_about

MOST = 20
LONGEST_NAME = SavedFilter._meta.get_field("name").max_length or 0
LONGEST_QUERY = SavedFilter._meta.get_field("query").max_length or 0


class FilterRefused(Exception):
    """The filters cannot be kept so; the message says why and what to do."""

    code = "filter-refused"


@transaction.atomic
def save_filter(account: Account, *, name: str, query: str, at: datetime) -> SavedFilter:
    """Keep filters under a name. Raises FilterRefused without filters or a name, where the account has the name or the
    same filters already, or has 20 of them."""
    others = _locked(account)
    name = _fit_name(name, others)
    if not query:
        raise FilterRefused(_("还没有选任何条件。请先在列表上选好条件，再存下来。"))
    if len(query) > LONGEST_QUERY:
        raise FilterRefused(_("条件太长，存不下。请把要找的词缩短一些。"))
    for each in others:
        if each.query == query:
            raise FilterRefused(_("这组条件已经存过了，名称是“%(name)s”。") % {"name": each.name})
    if len(others) >= MOST:
        raise FilterRefused(_("最多存 %(n)s 组筛选。请先删掉一组不用的。") % {"n": MOST})
    saved = SavedFilter.objects.create(account=account, name=name, query=query, saved_at=at)
    _record(saved, "account.filter-saved", at=at)
    return saved


@transaction.atomic
def rename_filter(saved: SavedFilter, *, name: str, at: datetime) -> SavedFilter:
    """Give filters another name; the same name leaves no entry. Raises FilterRefused as `save_filter` does."""
    others = [each for each in _locked(saved.account) if each.pk != saved.pk]
    name = _fit_name(name, others)
    if name != saved.name:
        saved.name = name
        saved.save(update_fields=["name"])
        _record(saved, "account.filter-renamed", at=at)
    return saved


@transaction.atomic
def delete_filter(saved: SavedFilter, *, at: datetime) -> None:
    """Forget filters."""
    _record(saved, "account.filter-deleted", at=at)
    saved.delete()


def _locked(account: Account) -> list[SavedFilter]:
    """What the account has, with the account locked so that two windows cannot pass the limit together."""
    Account.objects.select_for_update().get(pk=account.pk)
    return list(SavedFilter.objects.filter(account=account))


def _fit_name(name: str, others: list[SavedFilter]) -> str:
    name = clean_line(name)
    if not name:
        raise FilterRefused(_("请给这组筛选起个名称，如“本周逾期”。"))
    if len(name) > LONGEST_NAME:
        raise FilterRefused(_("名称最多 %(n)s 个字，请缩短一些。") % {"n": LONGEST_NAME})
    if any(each.name == name for each in others):
        raise FilterRefused(_("已经有一组叫“%(name)s”，请换个名称。") % {"name": name})
    return name


def _record(saved: SavedFilter, action: str, *, at: datetime) -> None:
    """By its id alone: the name is the person's own word, and must be deletable."""
    account = saved.account
    detail = {"filter": str(saved.pk)}
    record_about(account, action, area=area_of(account), by=account, at=at, detail=detail)
