"""The deputies' proposals of the demo: fifty-nine of one session and thirty of the time since, one in every state."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from jiazhan.kernel import calendar
from jiazhan.kernel.outcomes import Grade, OutcomeClass, PromiseState
from jiazhan.people.models import Account, Deputy, Mandate, Unit
from jiazhan.places.models import CongressLevel, Session
from jiazhan.suggestions import screening
from jiazhan.suggestions.choices import ContactMode, Kind, Manner, Part, Phase, Publicity, SettleManner
from jiazhan.suggestions.models import Batch, Handling, Proposal
from jiazhan.suggestions.services import (
    assigning,
    assisting,
    checking,
    cosigning,
    evaluating,
    extensions,
    following,
    key_proposals,
    promises,
    publishing,
    replies,
    supervising,
    units,
    writing,
)
from jiazhan.suggestions.states import PartState, State

from .people import People
from .places import Places
from .proposal_topics import TOPICS, Topic
from .saying import Later

SEED = 990107
# Two of the session are motions, one of which becomes a proposal: fifty-nine proposals.
IN_SESSION = 60
BATCH = "大会建议交办会"
# How those of the session end; what is not named here ends satisfied.
ENDINGS = (
    ["unrated"] * 4 + ["tracked"] * 10 + ["kept"] * 4 + ["broken"] * 2 + ["again"] * 3 + ["settled"] + ["declined"] * 2
    + ["withdrawn"] + ["merged"] * 2 + ["on_agenda"] + ["converted"] + ["split"] * 2 + ["extended"] * 2
    + ["tardy"] * 2
)  # fmt: skip
# Where those of the time between rest, and how many working days ago they were begun.
RESTING = (
    [("draft", 1)] * 2 + [("cosigning", 2)] * 2 + [("submitted", 2)] * 2 + [("checking", 3), ("returned", 4)]
    + [("accepted", 4)] * 2 + [("at_government", 5)] + [("assigned", 6)] * 2 + [("objected", 8), ("reassigned", 14)]
    + [("in_progress", 20)] * 2 + [("asking", 30), ("late", 85)] + [("replied", 24)] * 2 + [("half_rated", 27)]
    + [("reordering", 22), ("rehandling", 28), ("escalated", 38)] + [("tracked", 70)] * 2 + [("satisfied", 90)] * 3
)  # fmt: skip
MOTION_SIGNERS = 10


class Rest(Later):
    """It lies where it was to lie."""


@dataclass(frozen=True)
class Plan:
    """One proposal to be: its number, what it says where, when it begins, and how it ends."""

    number: int
    topic: Topic
    place: str
    ending: str
    begins_at: datetime
    session: Session | None

    @property
    def title(self) -> str:
        return self.topic.title.format(place=self.place)


def plans(places: Places, session: Session, now: datetime, *, each: int) -> list[Plan]:
    """All of them, in the order in which they begin; of each way to end at most `each`."""
    random = Random(SEED)
    pairs = [(topic, street.name.removesuffix("街道")) for street in places.streets for topic in TOPICS]
    random.shuffle(pairs)
    endings = [*ENDINGS, *["satisfied"] * (IN_SESSION - len(ENDINGS))]
    made = [
        Plan(number, topic, place, ending, _hour(random, session.starts_on + timedelta(days=number % 3)), session)
        for number, ((topic, place), ending) in enumerate(zip(pairs, endings, strict=False))
    ]
    for number, ((topic, place), (ending, days)) in enumerate(zip(pairs[100:], RESTING, strict=False), start=len(made)):
        made.append(Plan(number, topic, place, ending, _hour(random, _workdays_before(now, days)), None))
    kept: Counter[str] = Counter()
    for plan in list(made):
        kept[plan.ending] += 1
        if kept[plan.ending] > each:
            made.remove(plan)
    return sorted(made, key=lambda plan: (plan.session is None, plan.begins_at))


class Maker:
    """Leads the proposals through their lives; called again it goes on where it was."""

    def __init__(self, places: Places, people: People, now: datetime, *, each: int) -> None:
        self.places, self.people, self.now, self.each = places, people, now, each
        self.term = places.terms[CongressLevel.COUNTY]
        self.chair = Account.objects.get(username="zhuren")
        sitting = Mandate.objects.in_force().filter(term=self.term, deputy__account__isnull=False)
        self.sitting = [each.deputy for each in sitting.select_related("deputy__account").order_by("id")]
        self.session = self.term.sessions.filter(ends_on__lt=timezone.localdate(now)).order_by("-number").first()

    def left(self) -> list[Callable[[], None]]:
        """What is not done yet, in order; each is one transaction to the caller."""
        if self.session is None or not self.each:
            return []
        wanted = plans(self.places, self.session, self.now, each=self.each)
        # A motion that was turned into a proposal has left one of each under its title: the later one is what goes on.
        rows = Proposal.objects.filter(term=self.term).order_by("id").values_list("title", "state")
        states = dict(rows)
        of_session = [plan for plan in wanted if plan.session]
        is_assigned = Batch.objects.filter(name__endswith=BATCH).exists()
        todo = [Course(self, plan).written for plan in of_session if plan.title not in states]
        if not is_assigned:
            todo.append(lambda: self.assign(of_session))
        todo += [
            Course(self, plan).handled
            for plan in of_session
            if not is_assigned or states.get(plan.title) == State.ASSIGNED
        ]
        return todo + [Course(self, plan).lived for plan in wanted if not plan.session and plan.title not in states]

    def assign(self, of_session: list[Plan]) -> None:
        """The meeting after the session that assigns all of its proposals."""
        titles = {plan.title: plan for plan in of_session}
        rows = Proposal.objects.filter(state=State.ACCEPTED, session=self.session).select_related("term__congress")
        wanted = []
        for proposal in rows.order_by("accepted_at", "id"):
            plan = titles[proposal.title]
            wanted.append(self.plan_of(proposal, plan, is_split=plan.ending == "split"))
        day = calendar.current().add_workdays(self.session.ends_on, 15)
        at = timezone.make_aware(datetime(day.year, day.month, day.day, 9, 30))
        assigning.assign(wanted, name=f"{self.session}{BATCH}", by=self.people.reviewer, at=at)

    def plan_of(self, proposal: Proposal, plan: Plan, *, is_split: bool = False) -> assigning.Plan:
        host = self.places.units[plan.topic.host]
        others = tuple(self.places.units[code] for code in plan.topic.assisting)
        if is_split and others:
            return assigning.Plan(proposal, (host, others[0]), others[1:], Manner.SPLIT)
        return assigning.Plan(proposal, (host,), others, reason="职责对应")


class Course:
    """The course of one proposal."""

    def __init__(self, maker: Maker, plan: Plan) -> None:
        self.maker, self.plan, self.topic, self.people = maker, plan, plan.topic, maker.people
        self.random, self.at, self.now = Random(SEED + plan.number), plan.begins_at, maker.now
        self.ending = plan.ending
        self.proposal: Proposal

    def written(self) -> None:
        """Those of the session: from the draft to its number."""
        if self._found() is None:
            with suppress(Later):
                self._write()
                self._check()

    def handled(self) -> None:
        """Those of the session, once they are assigned."""
        found = self._found()
        if found is None or found.state != State.ASSIGNED or found.assigned_at is None:
            return
        self.proposal, self.at = found, found.assigned_at
        with suppress(Later):
            self._handle()

    def lived(self) -> None:
        """Those of the time between: all of it."""
        if self._found() is None:
            with suppress(Later):
                self._write()
                self._check()
                self._assign()
                self._handle()

    def go(self, low: int, high: int) -> datetime:
        """Move to a working hour between `low` and `high` working days later. Raises Later beyond the present."""
        # What shall rest somewhere goes there briskly.
        high = high if self.plan.session else min(high, low + 1)
        day = calendar.current().add_workdays(timezone.localdate(self.at), self.random.randint(low, high))
        self.at = max(_hour(self.random, day), self.at + timedelta(minutes=6))
        if self.at > self.now:
            raise Later
        return self.at

    def rest(self, *endings: str) -> None:
        if self.ending in endings:
            raise Rest

    def _found(self) -> Proposal | None:
        rows = Proposal.objects.filter(title=self.plan.title, term=self.maker.term)
        return rows.select_related("term__congress", "session", "lead__account", "host").order_by("-id").first()

    @property
    def _kind(self) -> Kind:
        return Kind.MOTION if self.ending in {"on_agenda", "converted"} else Kind.PROPOSAL

    def _write(self) -> None:
        lead, *others = self._signers()
        kind = self._kind
        proposal = writing.begin(lead, term=self.maker.term, by=lead.account, at=self.at, kind=kind)
        text = {
            name: getattr(self.topic, name).format(place=self.plan.place)
            for name in ("title", "facts", "cause", "request")
        }
        proposal = writing.save(proposal, version=proposal.version, by=lead.account, at=self.at, **text)
        self.proposal = proposal
        self.rest("draft")
        if others:
            self.at += timedelta(minutes=5)
            self.proposal = cosigning.invite(proposal, deputies=others, by=lead.account, at=self.at)
        for number, each in enumerate(others):
            if self.ending == "cosigning" and number:
                break
            self.at += timedelta(minutes=7)
            cosigning.confirm(self.proposal, version=proposal.version, by=each.account, at=min(self.at, self.now))
        self.rest("cosigning")
        self._submit(lead)

    def _submit(self, lead: Deputy) -> None:
        if self.plan.session is None:
            self.go(0, 1)
        else:
            self.at += timedelta(minutes=9)
        seen = [each.code for each in screening.check(self.proposal)]
        version = self.proposal.version
        self.proposal = writing.submit(self.proposal, version=version, by=lead.account, at=self.at, seen=seen)
        self.rest("submitted")

    def _signers(self) -> list[Deputy]:
        count = MOTION_SIGNERS if self._kind == Kind.MOTION else self.random.choice([1, 1, 2, 3, 4])
        if self.ending in {"cosigning", "half_rated", "again"}:
            count = 3
        return self.random.sample(self.maker.sitting, count)

    def _check(self) -> None:
        desk = self.people.reviewer
        if self.ending == "withdrawn":
            writing.withdraw(self.proposal, by=self.proposal.lead.account, at=self.go(1, 2))
            raise Rest
        self.go(1, 2)
        self.proposal = checking.begin_check(self.proposal, by=desk, at=self.at)
        self.rest("checking")
        self.go(0, 1)
        if self.ending == "returned":
            checking.return_to_author(
                self.proposal, reason="请补充涉及的路段和户数，便于确定承办单位。", by=desk, at=self.at
            )
        elif self.ending == "declined":
            checking.decline(self.proposal, reason="反映的是正在诉讼的个案，请通过司法途径解决。", by=desk, at=self.at)
        elif self.ending == "on_agenda":
            checking.put_on_agenda(self.proposal, decided=f"主席团第二次会议 {self.at:%Y-%m-%d}", by=desk, at=self.at)
        elif self.ending == "converted":
            checking.convert(self.proposal, decided=f"主席团第二次会议 {self.at:%Y-%m-%d}", by=desk, at=self.at)
        elif self.ending == "merged" and (other := self._other()):
            checking.merge(self.proposal, into=other, by=desk, at=self.at)
        else:
            self.proposal = checking.accept(
                self.proposal, by=desk, at=self.at, category=self._category(), repeats=self._former()
            )
            return
        raise Rest

    def _category(self):
        return self.maker.places.categories.get(self.topic.category)

    def _other(self) -> Proposal | None:
        """An accepted one of the same unit to go with."""
        rows = Proposal.objects.filter(state=State.ACCEPTED, term=self.maker.term, kind=Kind.PROPOSAL)
        return rows.filter(category=self.topic.category).first() or rows.first()

    def _former(self) -> Proposal | None:
        """What was asked for before: some of the time since the session repeat one of it."""
        if self.plan.session or self.random.random() > 0.3:
            return None
        rows = Proposal.objects.filter(session=self.maker.session, is_in_session=True, kind=Kind.PROPOSAL)
        return rows.filter(category=self.topic.category).exclude(number="").order_by("id").first()

    def _assign(self) -> None:
        self.rest("accepted")
        self.go(0, 2)
        by = self.people.reviewer
        if self.ending == "at_government" or self.random.random() < 0.2:
            self.proposal = assigning.forward_to_government(self.proposal, by=by, at=self.at)
            self.rest("at_government")
            self.go(0, 1)
            by = self.people.dispatcher
        plan = self.maker.plan_of(self.proposal, self.plan)
        assigning.assign([plan], name="闭会期间建议交办", by=by, at=self.at)
        self._again()
        self.rest("assigned")

    def _handle(self) -> None:
        if self.ending in {"objected", "reassigned"}:
            self._object()
        self._sign_all()
        self.rest("in_progress", "late", "reassigned")
        if self.ending in {"asking", "extended"}:
            self._extend()
        self._assist()
        if self.ending == "tardy":
            self.go(60, 66)
        self._reply(self._outcome())
        self.rest("replied")
        self._evaluate()

    def _object(self) -> None:
        part = self._parts(Part.HOST)[0]
        other = self.maker.places.units["CG" if part.unit.code != "CG" else "ZJ"]
        self.go(1, 2)
        reason = "建议涉及的设施由其他单位管养，本单位没有执法和维修职责。"
        units.object_to(part, reason=reason, by=self._handler(part.unit), at=self.at, proposed_unit=other)
        self.rest("objected")
        self.go(1, 3)
        units.reassign(part, unit=other, reason="经核对职责清单，由该单位管养。", by=self._assigner(), at=self.at)
        self._again()

    def _sign_all(self) -> None:
        self.go(1, 3)
        for part in self._parts(Part.HOST, Part.SPLIT, Part.ASSIST):
            handler = self._handler(part.unit)
            units.sign(part, by=handler, at=self.at)
            if part.part != Part.ASSIST:
                units.assign_handler(part, handler=handler, by=self._head(part.unit), at=self.at)
        self._again()

    def _extend(self) -> None:
        part = self._parts(Part.HOST)[0]
        self.go(15, 25)
        reason = "涉及管线迁改和用地手续，需要与上级部门会商，三个月内难以全部办结。"
        asked = extensions.request_extension(part, reason=reason, by=self._head(part.unit), at=self.at)
        self.rest("asking")
        extensions.grant_extension(asked, by=self._assigner(), at=self.go(1, 3))

    def _assist(self) -> None:
        for part in self._parts(Part.ASSIST):
            if part.state == PartState.ANSWERED:
                continue
            head = self._head(part.unit)
            self.go(2, 6)
            body = "经研究，我单位配合主办单位推进：涉及我单位的审批事项随到随办，并明确一名联络员。"
            opinion = assisting.save_opinion(part, body=body, by=head, at=self.at)
            assisting.sign_opinion(part, version=opinion.version, by=head, at=self.at)

    def _reply(self, outcome: OutcomeClass) -> None:
        self.go(3, 8)
        for part in self._parts(Part.HOST, Part.SPLIT):
            if part.state not in {PartState.SIGNED, PartState.REORDERED}:
                continue
            self._talk(part)
            self.go(1, 4)
            self._send(part, outcome)
        self._again()

    def _talk(self, part: Handling) -> None:
        units.log_contacts(
            part, deputies=[self.proposal.lead], phase=Phase.BEFORE if part.round == 1 else Phase.DURING,
            mode=self.random.choice([ContactMode.SITE, ContactMode.FACE, ContactMode.PHONE]), held_at=self.at,
            people=f"{self.proposal.lead.name}代表、{part.unit.name}分管负责人",
            summary="介绍了已经做的工作和困难，代表补充了三处具体点位，双方商定了下一步的时间。",
            by=self._handler(part.unit), at=self.at,
        )  # fmt: skip

    def _send(self, part: Handling, outcome: OutcomeClass) -> None:
        has_promise = outcome in {OutcomeClass.IN_PROGRESS, OutcomeClass.PLANNED}
        said = self.topic.reply.format(place=self.plan.place)
        if part.round > 1:
            said += "\n针对您提出的意见，我们又逐处核对，补办了遗漏的点位，并请您到现场查看。"
        handler = self._handler(part.unit)
        reply = replies.save_draft(
            part, body=said, outcome=outcome, by=handler, at=self.at, contact=f"{handler.name} 0990-5512345",
            promise_text=self.topic.promise.format(place=self.plan.place) if has_promise else "",
            promise_on=self._promise_day() if has_promise else None, publicity=Publicity.FULL,
        )  # fmt: skip
        reply = replies.submit(part, version=reply.version, by=handler, at=self.at)
        replies.sign_reply(part, version=reply.version, by=self._head(part.unit), at=self.go(0, 2))

    def _outcome(self) -> OutcomeClass:
        if self.ending in {"tracked", "kept", "broken"}:
            return self.random.choice([OutcomeClass.IN_PROGRESS, OutcomeClass.PLANNED])
        if self.ending in {"settled", "escalated", "again", "rehandling", "reordering"}:
            return self.random.choice([OutcomeClass.DEFERRED, OutcomeClass.FOR_REFERENCE])
        return OutcomeClass.RESOLVED

    def _promise_day(self) -> date:
        """Kept and broken promises were due lately; the others are to come, some within weeks."""
        if self.ending in {"kept", "broken"}:
            return timezone.localdate(self.at) + timedelta(days=self.random.randint(40, 70))
        return timezone.localdate(self.now) + timedelta(days=self.random.choice([9, 24, 60, 150, 400]))

    def _evaluate(self) -> None:
        if self.ending == "unrated":
            day = self.proposal.due_on or timezone.localdate(self.at)
            self.at = max(self.at, _hour(self.random, day + timedelta(days=1)))
            if self.at <= self.now:
                evaluating.conclude_unrated(self.proposal, at=self.at)
            return
        poor = self.ending in {"again", "settled", "reordering", "rehandling", "escalated"}
        self._rate(is_poor=poor)
        if poor:
            self._once_more()
        if self.ending in {"kept", "broken"}:
            self._end_promises()
        self._release()

    def _rate(self, *, is_poor: bool) -> None:
        self.go(1, 5)
        for reply in self.proposal.replies.filter(round=self.proposal.round):
            owed = list(reply.copies.select_related("deputy__account").order_by("id"))
            if self.ending == "half_rated":
                owed = owed[:1]
            for number, copy in enumerate(owed):
                self._rate_one(reply, copy.deputy, is_poor=is_poor and number == len(owed) - 1)
        self._again()

    def _rate_one(self, reply, deputy: Deputy, *, is_poor: bool) -> None:
        grade = (
            Grade.DISSATISFIED
            if is_poor
            else self.random.choices([Grade.SATISFIED, Grade.BASICALLY_SATISFIED], [85, 15])[0]
        )
        said = "答复讲了做法，但我们提的两处点位没有落实，也没有时间表。" if is_poor else ""
        is_resolved = not is_poor and reply.outcome == OutcomeClass.RESOLVED and self.random.random() < 0.9
        evaluating.evaluate(
            self.proposal, reply=reply, manner=Grade.SATISFIED, result=grade, is_resolved=is_resolved, words_said=said,
            by=deputy.account, at=self.at,
        )  # fmt: skip

    def _once_more(self) -> None:
        self.rest("reordering")
        self.go(1, 4)
        demands = "请逐处回应代表提出的点位，说明完成时间。"
        self.proposal = evaluating.reorder(self.proposal, by=self.people.reviewer, at=self.at, demands=demands)
        self.rest("rehandling")
        self._reply(OutcomeClass.RESOLVED if self.ending == "again" else OutcomeClass.DEFERRED)
        self._rate(is_poor=self.ending in {"settled", "escalated"})
        self.rest("escalated")
        if self.ending == "settled":
            self.go(4, 9)
            evaluating.settle(
                self.proposal, manner=SettleManner.TALK, held_on=timezone.localdate(self.at), by=self.people.reviewer, at=self.at,
                people="领衔代表、承办单位主要负责人、代表工委", result="当面核对了两处点位，承办单位列出时间表，代表表示理解。",
                way_on="列入明年代表视察",
            )  # fmt: skip

    def _end_promises(self) -> None:
        for promise in self.proposal.promises.filter(state=PromiseState.OPEN):
            day = promise.due_on + timedelta(days=3)
            self.at = max(self.at, _hour(self.random, day))
            if self.at > self.now:
                raise Later
            promises.ask(promise, at=self.at)
            lead = self.proposal.lead.account
            if self.ending == "broken":
                promises.break_(
                    promise, reason="现场查看还没有动工，承办单位说资金没有到位。", by=lead, at=self.go(2, 4)
                )
                continue
            handler = self._handler(promise.reply.handling.unit)
            promises.explain(promise, text="已经按期完成，现场照片和验收单已送代表。", by=handler, at=self.at)
            promises.keep(promise, by=lead, at=self.go(1, 4))

    def _release(self) -> None:
        """Half of what was answered is on the public page; the chairpersons' meeting follows a few itself."""
        self._again()
        if self.ending == "tracked" and self.plan.number % 2 == 0:
            self._be_key()
        if self.plan.number % 2:
            return
        said = publishing.proposed_words(self.proposal)
        self.go(2, 6)
        publication = publishing.propose(
            self.proposal, publicity=Publicity.FULL, by=self.people.reviewer, at=self.at, **said
        )
        publishing.approve(publication, by=self.people.office, at=self.go(1, 2))

    def _be_key(self) -> None:
        self.go(1, 3)
        committee = self.maker.places.units[self.random.choice(["CJW", "SHW"])]
        key_proposals.choose(
            self.proposal, meeting=self.random.choice(["第二十八次主任会议", "第三十次主任会议"]), decided_on=timezone.localdate(self.at), committee=committee,
            lead_account=self.maker.chair, demands="每季度报告一次进展，年底前现场视察。", by=self.people.office, at=self.at,
        )  # fmt: skip
        following.follow(self.proposal, by=self.proposal.lead.account, at=self.at)
        self.go(5, 12)
        key_proposals.visit(
            self.proposal, held_on=timezone.localdate(self.at), place=f"{self.plan.place}现场", by=self.people.reviewer, at=self.at,
            people="主任会议领办成员、督办委员会、领衔代表", findings="工程已经进场，完成约四成，居民对围挡时间有意见。",
            asks="公布施工时段，十五日内报送后续计划。",
        )  # fmt: skip
        self._urge()

    def _urge(self) -> None:
        unit, answer_by = self.proposal.host, timezone.localdate(self.at) + timedelta(days=15)
        if unit is None:
            return
        urging = supervising.urge(
            self.proposal,
            unit=unit,
            text="请报送后续计划和完成时间。",
            answer_by=answer_by,
            by=self.people.reviewer,
            at=self.at,
        )
        if self.plan.number % 4:
            said = "后续计划已经排定，分两个阶段施工，月底前把时间表张贴到社区。"
            supervising.answer_urging(urging, text=said, by=self._handler(unit), at=self.go(3, 8))

    def _parts(self, *wanted: Part) -> list[Handling]:
        rows = self.proposal.handlings.exclude(state=PartState.RELEASED).filter(part__in=wanted)
        return list(rows.select_related("unit", "proposal").order_by("part", "id"))

    def _again(self) -> None:
        rows = Proposal.objects.select_related("term__congress", "session", "lead__account", "host")
        self.proposal = rows.get(jurisdiction=self.proposal.jurisdiction, pk=self.proposal.pk)

    def _handler(self, unit: Unit) -> Account:
        return self.people.handlers[unit.code]

    def _head(self, unit: Unit) -> Account:
        return self.people.heads[unit.code]

    def _assigner(self) -> Account:
        return self.people.dispatcher if self.proposal.through_government else self.people.reviewer


def _hour(random: Random, day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9)) + timedelta(minutes=random.randint(0, 470))


def _workdays_before(now: datetime, count: int) -> date:
    day, days = timezone.localdate(now), calendar.current()
    while count > 0:
        day -= timedelta(days=1)
        count -= days.is_workday(day)
    return day
