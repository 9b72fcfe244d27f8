"""What the rows of former years name: terms, sessions, deputies, units, categories. Read once for a file, not for each row."""

from collections import defaultdict
from collections.abc import Callable
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from jiazhan.opinions.models import Category
from jiazhan.people.models import HANDLING_KINDS, Deputy, Mandate, Unit
from jiazhan.people.services.imports import RowRefused
from jiazhan.places.models import Session, Term

from ..models import Proposal


class Lookups:
    """Finds by the words of a cell; raises RowRefused naming the column where nothing or more than one answers."""

    def __init__(self, area: str) -> None:
        self.area, self.jurisdiction = area, area[:6]
        self._by_term: dict[tuple[str, UUID], Any] = {}

    def term(self, number: int, year: int) -> Term:
        found = self._terms.get(number)
        if found is None:
            raise RowRefused("届", _("系统里还没有第%(number)s届，请先在“大会和届次”里登记") % {"number": number})
        if not found.starts_on.year <= year <= found.ends_on.year:
            raise RowRefused("年度", _("%(year)s 年不在第%(number)s届的任期里") % {"year": year, "number": number})
        return found

    def session(self, term: Term, number: int) -> Session:
        found = self._of(term, "sessions", lambda: {each.number: each for each in term.sessions.all()}).get(number)
        if found is None:
            raise RowRefused("次", _("本届还没有登记第%(number)s次会议，请先登记") % {"number": number})
        return found  # type: ignore[no-any-return]

    def deputy(self, name: str, term: Term, column: str) -> tuple[Deputy, Mandate]:
        found: list[Mandate] = self._of(term, "mandates", lambda: self._mandates(term)).get(name, [])
        named = {"number": term.number, "name": name}
        if not found:
            raise RowRefused(column, _("第%(number)s届没有代表“%(name)s”") % named)
        if len(found) > 1:
            raise RowRefused(column, _("第%(number)s届有几位“%(name)s”，分不清是哪一位") % named)
        return found[0].deputy, found[0]

    def unit(self, name: str, column: str) -> Unit:
        """By name, short name or code, also one that is no longer in use: it was then."""
        found = self._units.get(name) or self._units.get(name.upper())
        if found is None:
            raise RowRefused(column, _("没有承办单位“%(name)s”，请填全称或简称") % {"name": name})
        return found

    def category(self, said: str) -> Category:
        found = self._categories.get(said)
        if found is None:
            raise RowRefused("分类", _("没有分类“%(said)s”，请填分类的代码或名称") % {"said": said})
        return found

    def present(self, term: Term, number: str) -> tuple[str, str] | None:
        """The source and the title of the proposal that has the number already; None for a free one."""
        taken: dict[str, tuple[str, str]] = self._of(term, "numbers", lambda: self._taken(term))
        return taken.get(number)

    def _taken(self, term: Term) -> dict[str, tuple[str, str]]:
        # Held until the end: of two who import the same file at once the second finds everything there.
        Term.objects.select_for_update().get(pk=term.pk)
        rows = Proposal.objects.filter(jurisdiction=self.jurisdiction, term=term).exclude(number="")
        return {each: (key, title) for each, key, title in rows.values_list("number", "source_key", "title")}

    @cached_property
    def _terms(self) -> dict[int, Term]:
        rows = Term.objects.filter(congress__region=self.area).select_related("congress")
        return {each.number: each for each in rows}

    @cached_property
    def _units(self) -> dict[str, Unit]:
        rows = Unit.objects.filter(jurisdiction=self.jurisdiction, kind__in=HANDLING_KINDS)
        found: dict[str, Unit] = {}
        # Those in use come first where a name was used twice.
        for each in rows.order_by("-is_active", "code"):
            for name in filter(None, (each.name, each.short_name, each.code.upper())):
                found.setdefault(name, each)
        return found

    @cached_property
    def _categories(self) -> dict[str, Category]:
        found: dict[str, Category] = {}
        for each in Category.objects.order_by("-code"):
            found[each.code] = each
            found.setdefault(each.name, each)
        return found

    @staticmethod
    def _mandates(term: Term) -> dict[str, list[Mandate]]:
        found: dict[str, list[Mandate]] = defaultdict(list)
        for each in term.mandates.select_related("deputy__account"):
            found[each.deputy.name].append(each)
        return found

    def _of(self, term: Term, what: str, read: Callable[[], Any]) -> Any:
        if (what, term.pk) not in self._by_term:
            self._by_term[what, term.pk] = read()
        return self._by_term[what, term.pk]
