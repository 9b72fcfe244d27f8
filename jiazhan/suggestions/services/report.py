"""代表建议办理情况报告: the figures of a choice in the words of a report to the standing committee, as PDF and as DOCX.

It says what the page says: satisfaction with what the deputies confirm as solved beside it, the unrated on their own, the
promises that were broken one by one (handbook §2.5, §14 rule 5).
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jiazhan.documents.letters import pdf, word
from jiazhan.documents.letters.content import ProposalReport, ReportSection, ReportTable
from jiazhan.documents.letters.plaintext import chinese_date
from jiazhan.kernel.outcomes import OutcomeClass
from jiazhan.people.models import Account
from jiazhan.places.models import Region

from ..models import Promise, Proposal
from ..parameters import letter_of
from ..selectors import reporting
from ..selectors.reporting import Choice, Group, Overview
from ..selectors.statistics import Counted
from . import desks

# So many are named; the others are on the list that the page opens.
MOST_NAMED = 30
COLUMNS = ("replied", "on_time", "satisfied", "resolved", "unrated", "rehandled")


@dataclass(frozen=True)
class Report:
    """What a report says, with the figures that it says it of."""

    content: ProposalReport
    found: Overview

    def as_pdf(self) -> bytes:
        return pdf.render(self.content).pdf

    def as_docx(self) -> bytes:
        return word.render(self.content)


def write(user: Account, choice: Choice, *, area: str, said: str, on: date) -> Report:
    """The report of a choice for a congress; `said` is the choice in words, as it stands in the title."""
    found = reporting.overview(user, choice)
    former = _former(user, choice)
    desk = desks.congress_desk(Proposal(jurisdiction=area[:6], congress_area=area))
    sections = [
        _handling(found, user),
        _outcome(found, area),
        _satisfaction(found, former),
        _promises(found, user),
        _problems(found),
        _key(user, choice, area),
    ]
    content = ProposalReport(
        issuer=desk.name,
        title=_("关于%(said)s代表建议办理情况的报告") % {"said": said.replace(" · ", "").replace(" ", "")},
        addressee=_addressee(area),
        paragraphs=(_opening(found, former, said, on),),
        sections=tuple(
            ReportSection(heading=f"{number}、{each.heading}", paragraphs=each.paragraphs)
            for number, each in zip("一二三四五六", (each for each in sections if each), strict=False)
        ),
        tables=(
            _table(_("附表1　按主办单位"), _("单位"), found.units),
            _table(_("附表2　按分类"), _("分类"), found.categories),
            _table(_("附表3　历年"), _("年度"), found.years),
        ),
        signed_on=on,
    )
    return Report(content, found)


def _addressee(area: str) -> str:
    """The standing committee; a township's congress has a presidium instead."""
    place = Region.objects.filter(pk=area).values_list("name", flat=True).first() or ""
    return place + (_("人大常委会") if len(area) < desks.TOWNSHIP else _("人大主席团"))


def _opening(found: Overview, former: Overview | None, said: str, on: date) -> str:
    text = _("截至%(day)s，%(said)s立案代表建议 %(n)s 件。") % {
        "day": chinese_date(on.isoformat()),
        "said": said.replace(" · ", "").replace(" ", ""),
        "n": found.count,
    }
    if former is not None and former.count:
        text += _("上一年立案 %(before)s 件，%(change)s。") % {
            "before": former.count,
            "change": _change(found.count - former.count),
        }
    return text + _("现将办理情况报告如下。")


def _handling(found: Overview, user: Account) -> ReportSection:
    figures = found.figures
    between = found.choice if found.choice.is_between else replace(found.choice, is_between=True, session=None)
    inside = found.count - between.rows(user).count() if not found.choice.session else found.count
    lines = [
        _("大会期间提出 %(inside)s 件，闭会期间提出 %(between)s 件。")
        % {"inside": inside, "between": found.count - inside},
        _("已答复 %(n)s 件，占全部的 %(share)s；还没有答复的 %(left)s 件。")
        % {
            "n": figures["replied"].count,
            "share": share(figures["replied"]),
            "left": reporting.missed(figures["replied"]),
        },
    ]
    if figures["replied"].count:
        lines.append(
            _(
                "按期答复 %(n)s 件，占已答复 %(of)s 件的 %(share)s；答复前与代表沟通 %(talked)s 件，占已答复的 %(talks)s。"
            )
            % {
                "n": figures["on_time"].count,
                "of": figures["on_time"].of,
                "share": share(figures["on_time"]),
                "talked": figures["contacted"].count,
                "talks": share(figures["contacted"]),
            }
        )
    return ReportSection(heading=_("交办和答复"), paragraphs=tuple(lines))


def _outcome(found: Overview, area: str) -> ReportSection:
    classes = "，".join(
        _("%(letter)s 类（%(label)s）%(n)s 件") % {
            "letter": letter_of(value, area), "label": OutcomeClass(value).label, "n": found.outcomes[value]
        }
        for value in OutcomeClass.values
    )  # fmt: skip
    lines = [
        _("按最近一次答复，%(classes)s；还没有答复的 %(left)s 件。") % {"classes": classes, "left": found.outcomes[""]}
    ]
    lines.append(
        _("承办单位答复称已经解决的 %(claimed)s 件，代表确认已经解决的 %(resolved)s 件。")
        % {"claimed": found.figures["claimed"].count, "resolved": found.figures["resolved"].count}
    )
    return ReportSection(heading=_("办理结果"), paragraphs=tuple(lines))


def _satisfaction(found: Overview, former: Overview | None) -> ReportSection:
    figures = found.figures
    resolved = _("代表确认问题已经解决的 %(n)s 件，占全部 %(of)s 件的 %(share)s。") % _said(figures["resolved"])
    if not figures["satisfied"].of:
        return ReportSection(heading=_("代表评价和解决情况"), paragraphs=(_("还没有到评价期末的建议。") + resolved,))
    lines = [
        _("评价过或评价期已过的 %(of)s 件中，首次评价满意 %(n)s 件，占 %(share)s；") % _said(figures["satisfied"])
        + _("基本满意 %(n)s 件，占 %(share)s；") % _said(figures["basically_satisfied"])
        + _("不满意 %(n)s 件，占 %(share)s；") % _said(figures["dissatisfied"])
        + _("没有评价的 %(n)s 件，占 %(share)s，不计为满意。") % _said(figures["unrated"]),
        resolved,
    ]
    if former is not None and former.figures["satisfied"].of:
        before = former.figures
        lines.append(
            _("上一年首次评价满意占 %(satisfied)s，代表确认解决占 %(resolved)s。")
            % {"satisfied": share(before["satisfied"]), "resolved": share(before["resolved"])}
        )
    return ReportSection(heading=_("代表评价和解决情况"), paragraphs=tuple(lines))


def _promises(found: Overview, user: Account) -> ReportSection:
    kept = found.promises
    every = kept.kept + kept.broken + kept.waiting + kept.open
    if not every:
        return ReportSection(heading=_("承诺兑现"), paragraphs=(_("答复中没有写明完成日期的承诺。"),))
    text = _("共承诺 %(n)s 项：已兑现 %(kept)s 项，未兑现 %(broken)s 项，到期待认定 %(waiting)s 项，未到期 %(open)s 项。") % {
        "n": every, "kept": kept.kept, "broken": kept.broken, "waiting": kept.waiting, "open": kept.open,
    }  # fmt: skip
    if kept.share is not None:
        text += _("已认定的承诺中，兑现的占 %(share)s%%。") % {"share": kept.share}
    lines = [text]
    broken = reporting.promise_cases(user, found.choice, f"{reporting.PROMISE}broken")[:MOST_NAMED]
    lines += [
        _("未兑现（%(place)s）：%(promise)s") % {"place": place, "promise": _promise(each)}
        for place, each in enumerate(broken, start=1)
    ]
    if kept.broken > MOST_NAMED:
        lines.append(_("其余 %(n)s 项见清单。") % {"n": kept.broken - MOST_NAMED})
    return ReportSection(heading=_("承诺兑现"), paragraphs=tuple(lines))


def _problems(found: Overview) -> ReportSection:
    figures = found.figures
    late = reporting.late_units(found.units)
    lines = []
    if late:
        named = "、".join(
            _("%(unit)s %(n)s 件") % {"unit": each.label, "n": reporting.missed(each.figures["on_time"])}
            for each in late
        )
        lines.append(_("超期答复 %(n)s 件：%(units)s。") % {"n": reporting.missed(figures["on_time"]), "units": named})
    else:
        lines.append(_("没有超期答复的单位。"))
    lines.append(
        _(
            "代表不满意后重新办理 %(rehandled)s 件；承办单位提出过异议（退单）%(returned)s 件；往年提过又重复提出 %(repeated)s 件。"
        )
        % {name: figures[name].count for name in ("rehandled", "returned", "repeated")}
    )
    return ReportSection(heading=_("需要关注的问题"), paragraphs=tuple(lines))


def _key(user: Account, choice: Choice, area: str) -> ReportSection | None:
    rows = choice.rows(user).filter(is_key=True).select_related("host").order_by("number", "id")
    count = rows.count()
    if not count:
        return None
    lines = [_("重点督办建议 %(n)s 件。") % {"n": count}]
    for each in rows.defer("facts", "cause", "request")[:MOST_NAMED]:
        outcome = f"{letter_of(each.outcome, area)} 类" if each.outcome else each.get_state_display()
        lines.append(
            _("%(number)s“%(title)s”，%(host)s主办，%(outcome)s，%(resolved)s。")
            % {
                "number": each.number,
                "title": each.title,
                "host": each.host.name if each.host else _("还没有交办"),
                "outcome": outcome,
                "resolved": _confirmed(each.is_resolved),
            }
        )
    return ReportSection(heading=_("重点督办"), paragraphs=tuple(lines))


def _former(user: Account, choice: Choice) -> Overview | None:
    """The same of the year before; a session has none."""
    if choice.year is None or choice.session is not None:
        return None
    return reporting.overview(user, replace(choice, year=choice.year - 1))


def _table(title: str, head: str, groups: list[Group]) -> ReportTable:
    labels = [str(groups[0].figures[name].figure.label) if groups else name for name in COLUMNS]
    return ReportTable(
        title=title,
        heads=(head, _("件数"), *labels),
        rows=tuple(
            (each.label, str(each.count), *(str(each.figures[name].count) for name in COLUMNS)) for each in groups
        ),
    )


def share(counted: Counted) -> str:
    """ "94.9%"; a dash where there is nothing to share."""
    return "—" if counted.share is None else f"{counted.share}%"


def _said(counted: Counted) -> dict[str, Any]:
    return {"n": counted.count, "of": counted.of, "share": share(counted)}


def _change(by: int) -> str:
    if by == 0:
        return _("持平")
    return _("增加 %(n)s 件") % {"n": by} if by > 0 else _("减少 %(n)s 件") % {"n": -by}


def _promise(promise: Promise) -> str:
    held = promise.proposal
    unit = promise.reply.handling.unit if promise.reply else held.host
    return _("%(number)s“%(title)s”，%(unit)s承诺于%(day)s前%(text)s。") % {
        "number": held.number,
        "title": held.title,
        "unit": unit.name if unit else "",
        "day": chinese_date(promise.due_on.isoformat()),
        "text": promise.text.rstrip("。"),
    }


def _confirmed(is_resolved: bool | None) -> str:
    if is_resolved is None:
        return _("代表没有确认是否解决")
    return _("代表确认已解决") if is_resolved else _("代表认为没有解决")
