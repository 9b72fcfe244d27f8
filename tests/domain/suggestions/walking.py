"""A proposal brought to any stage by the services themselves. Needs the county's scope."""

from datetime import date, datetime, timedelta
from typing import Any

from jiazhan.kernel.outcomes import Grade, OutcomeClass
from jiazhan.opinions.models import Category
from jiazhan.people.models import Account, Deputy, Unit
from jiazhan.places.models import Session
from jiazhan.suggestions.choices import ContactMode, Kind, Part, Phase
from jiazhan.suggestions.models import Handling, Proposal, Reply
from jiazhan.suggestions.services import (
    assigning,
    checking,
    cosigning,
    evaluating,
    replies,
    units,
    writing,
)
from tests import factories
from tests.factories import NOW, County

TEXT = {
    "title": "关于加快柳林小区周边排水管网改造的建议",
    "facts": "走访柳林社区 3 次，雨后积水 12 处，涉及居民 860 户，近两年报修 47 次。",
    "cause": "管网建于 1998 年，管径偏小，与新建道路标高不一致。",
    "request": "一是将柳林片区列入明年管网改造计划；二是雨季前完成清淤；三是公布责任单位和电话。",
}


def session(county: County, *, number: int = 4, starts_on: date, ends_on: date) -> Session:
    return Session.objects.create(term=county.term, number=number, starts_on=starts_on, ends_on=ends_on)


def past_session(county: County) -> Session:
    """The session that was in January: what is written now is of the time between."""
    return Session.objects.get_or_create(
        term=county.term, number=4, defaults={"starts_on": date(2026, 1, 12), "ends_on": date(2026, 1, 15)}
    )[0]


def begun(county: County, *, lead: Deputy | None = None, at: datetime = NOW, **given: Any) -> Proposal:
    past_session(county)
    lead = lead or county.deputy
    return writing.begin(lead, term=county.term, by=lead.account, at=at, **given)


def drafted(county: County, *, lead: Deputy | None = None, at: datetime = NOW, text: dict | None = None, **given: Any):
    proposal = begun(county, lead=lead, at=at, **given)
    by = proposal.lead.account
    return writing.save(proposal, version=proposal.version, by=by, at=at, **{**TEXT, **(text or {})})


def cosigned(county: County, *cosigners: Deputy, at: datetime = NOW, **given: Any) -> Proposal:
    proposal = drafted(county, at=at, **given)
    proposal = cosigning.invite(proposal, deputies=cosigners, by=proposal.lead.account, at=at)
    for each in cosigners:
        cosigning.confirm(proposal, version=proposal.version, by=each.account, at=at)
    return proposal


def submitted(county: County, *cosigners: Deputy, at: datetime = NOW, **given: Any) -> Proposal:
    proposal = cosigned(county, *cosigners, at=at, **given) if cosigners else drafted(county, at=at, **given)
    return writing.submit(proposal, version=proposal.version, by=proposal.lead.account, at=at)


def motion(county: County, *, at: datetime = NOW, signers: int = 10, **given: Any) -> Proposal:
    """A motion handed in while the congress meets, signed by as many deputies as the law asks for."""
    days = {"starts_on": at.date(), "ends_on": at.date() + timedelta(days=3)}
    Session.objects.get_or_create(term=county.term, number=5, defaults=days)
    others = [county.make_deputy(f"联名代表{n}") for n in range(signers - 1)]
    proposal = cosigned(county, *others, at=at, kind=Kind.MOTION, **given)
    return writing.submit(proposal, version=proposal.version, by=proposal.lead.account, at=at)


def accepted(county: County, *cosigners: Deputy, at: datetime = NOW, category: Category | None = None, **given: Any):
    proposal = submitted(county, *cosigners, at=at, **given)
    return checking.accept(proposal, by=county.affairs, at=at, category=category or factories.category())


def assigned(
    county: County, *cosigners: Deputy, at: datetime = NOW, assisting_units: tuple[Unit, ...] = (), **given: Any
) -> Proposal:
    proposal = accepted(county, *cosigners, at=at, **given)
    plan = assigning.Plan(proposal, (county.department,), assisting_units)
    assigning.assign([plan], name="闭会期间交办", by=county.affairs, at=at)
    return again(proposal)


def in_progress(county: County, *cosigners: Deputy, at: datetime = NOW, **given: Any) -> Proposal:
    proposal = assigned(county, *cosigners, at=at, **given)
    units.sign(part(proposal), by=county.handler, at=at)
    return again(proposal)


def contacted(proposal: Proposal, county: County, *, at: datetime = NOW, deputy: Deputy | None = None) -> None:
    units.log_contact(
        part(proposal),
        deputy=deputy or proposal.lead,
        phase=Phase.BEFORE,
        mode=ContactMode.SITE,
        held_at=at,
        people="周海燕、局排水科负责人",
        summary="到现场看了积水点，确认改造范围。",
        by=county.handler,
        at=at,
    )


def replied(
    county: County,
    *cosigners: Deputy,
    at: datetime = NOW,
    outcome: OutcomeClass = OutcomeClass.RESOLVED,
    promise: tuple[str, date] | None = None,
    **given: Any,
) -> Proposal:
    proposal = in_progress(county, *cosigners, at=at, **given)
    answer(proposal, county, at=at, outcome=outcome, promise=promise)
    return again(proposal)


def answer(
    proposal: Proposal,
    county: County,
    *,
    at: datetime = NOW,
    outcome: OutcomeClass = OutcomeClass.RESOLVED,
    promise: tuple[str, date] | None = None,
) -> Reply:
    """Talk with the lead, and reply in the round that runs."""
    contacted(proposal, county, at=at)
    text, on = promise or ("", None)
    handling = part(proposal)
    reply = replies.save_draft(
        handling,
        body="已于 10 月 20 日完成柳林小区北门 120 米管网更换，经两次大雨检验未再积水。",
        outcome=outcome,
        promise_text=text,
        promise_on=on,
        contact="李工 0571-00000000",
        by=county.handler,
        at=at,
    )
    reply = replies.submit(handling, version=reply.version, by=county.handler, at=at)
    return replies.sign_reply(handling, version=reply.version, by=county.unit_head, at=at)


def evaluated(proposal: Proposal, deputy: Deputy, grade: Grade = Grade.SATISFIED, *, at: datetime = NOW) -> Proposal:
    proposal = again(proposal)
    evaluating.evaluate(
        proposal,
        reply=last_reply(proposal),
        manner=Grade.SATISFIED,
        result=grade,
        is_resolved=grade != Grade.DISSATISFIED,
        words_said="积水点还有两处没有处理。" if grade == Grade.DISSATISFIED else "",
        by=deputy.account,
        at=at,
    )
    return again(proposal)


def part(proposal: Proposal, which: Part = Part.HOST) -> Handling:
    """The part in force of this kind, the first where there are several."""
    return proposal.handlings.exclude(state="released").filter(part=which).order_by("id").first()


def last_reply(proposal: Proposal) -> Reply:
    return proposal.replies.order_by("round", "id").last()


def again(proposal: Proposal) -> Proposal:
    """As it stands now."""
    return Proposal.objects.select_related("lead", "term__congress", "session", "host").get(pk=proposal.pk)


def account_of(unit: Unit, county: County, role: str) -> Account:
    return county.appoint(role, unit=unit)
