"""The life of each matter, taken step by step through the services until its next step would lie in the future."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.utils import timezone

from jiazhan.kernel import calendar
from jiazhan.opinions.choices import Diversion, Grade, OutcomeClass, Urgency
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import (
    deputies,
    district,
    ending,
    extensions,
    joining,
    merging,
    publishing,
    ratings,
    replies,
    street,
    triage,
    units,
)
from jiazhan.opinions.states import State

from . import matters
from .saying import Later, Said, nonce_of


class Life(Said):
    """One matter from its first word to wherever it has got by now."""

    def live(self) -> Opinion:
        """From the first word to wherever it has got by now."""
        self.opinion = self.say(nonce_of(f"{self.number:06}"))
        self.be_joined()
        with suppress(Later):
            self.plot()()
        return self.opinion

    def plot(self) -> Callable[[], None]:
        if self.rests_in is not None:
            return self.plot_towards(self.rests_in)
        plots: list[tuple[Callable[[], None], int]] = [
            (self.on_the_spot, 57), (self.street_track, 13), (self.district_track, 7), (self.diverted, 9), (self.declined, 5),
            (self.withdrawn, 4), (self.left_waiting, 2), (self.rejected_in_review, 2), (self.merged, 1),
        ]  # fmt: skip
        return self.random.choices([plot for plot, _ in plots], [weight for _, weight in plots])[0]

    def plot_towards(self, state: State) -> Callable[[], None]:
        """A plot that passes through the state."""
        match state:
            case State.DIVERTED:
                return self.diverted
            case State.NOT_ACCEPTED:
                return self.declined
            case State.WITHDRAWN:
                return self.withdrawn
            case State.MERGED:
                return self.merged
            case State.REVIEW_REJECTED:
                return self.rejected_in_review
            case State.REPLIED | State.RATED:
                return self.on_the_spot
            case (
                State.STREET_FORWARDED | State.CONGRESS_REVIEWING | State.REVIEW_APPROVED | State.OFFICE_FORWARDED
                | State.GOV_OFFICE_RECEIVED | State.DEPT_ASSIGNED | State.DEPT_RECEIVED | State.OBJECTED
            ):  # fmt: skip
                return self.district_track
            case _:
                return self.street_track

    def accept(self) -> None:
        at = self.wait(0, 2)
        deputy = self.random.choice(self.people.deputies[self.station.code])
        urgency = self.random.choices([Urgency.NORMAL, Urgency.URGENT, Urgency.CRITICAL], [90, 9, 1])[0]
        self.opinion = triage.accept(
            self.opinion, deputy=deputy, category=self.places.categories.get(self.kind.category), urgency=urgency,
            by=self.people.officers[self.station.code], at=at,
        )  # fmt: skip

    def opine(self) -> None:
        self.accept()
        at = self.wait(1, 5)
        self.opinion = deputies.opine(
            self.opinion,
            text=self.random.choice(matters.DEPUTY_WORDS),
            suggested_track="",
            by=self.deputy.account,
            at=at,
        )

    def street_track(self) -> None:
        random, people = self.random, self.people
        self.opine()
        self.opinion = street.opine_vice_director(
            self.opinion,
            text=random.choice(matters.VICE_DIRECTOR_WORDS),
            by=people.vice_directors[self.street],
            at=self.wait(0, 2),
        )
        director = people.directors[self.street]
        self.opinion = street.opine_director(
            self.opinion, text=random.choice(matters.DIRECTOR_WORDS), by=director, at=self.wait(0, 2)
        )
        office = self.places.units[self.street_office()]
        self.opinion = street.assign_street(self.opinion, unit=office, by=director, at=self.wait(0, 1))
        self.handle(office.code, by=people.handlers[office.code], days=(3, 14))

    def district_track(self) -> None:
        random, people = self.random, self.people
        self.opine()
        at = self.wait(0, 2)
        self.opinion = street.forward_district(
            self.opinion, text=random.choice(matters.BEYOND_STREET), by=people.directors[self.street], at=at
        )
        self.opinion = district.begin_review(self.opinion, by=people.reviewer, at=self.wait(0, 1))
        self.opinion = district.approve_review(
            self.opinion, text=random.choice(matters.REVIEW_WORDS), by=people.reviewer, at=self.wait(0, 3)
        )
        self.opinion = district.forward_to_government(self.opinion, by=people.office, at=self.wait(0, 2))
        self.opinion = district.receive_at_government(self.opinion, by=people.dispatcher, at=self.wait(0, 1))
        self.opinion = district.assign_department(
            self.opinion, unit=self.first_unit(), by=people.dispatcher, at=self.wait(0, 3)
        )
        if self.opinion.unit.code != self.kind.unit:
            self.object_and_reassign()
        self.handle(self.kind.unit, by=people.handlers[self.kind.unit], days=(15, 62))

    def first_unit(self):
        """Now and then the wrong department gets it first."""
        is_right = self.random.random() < 0.93 and self.rests_in != State.OBJECTED
        others = [code for code in ("CG", "ZJ", "JT", "SW") if code != self.kind.unit]
        return self.places.units[self.kind.unit if is_right else self.random.choice(others)]

    def object_and_reassign(self) -> None:
        code = self.opinion.unit.code
        units.object_to(
            self.opinion,
            reason=self.random.choice(matters.OBJECTIONS),
            by=self.people.handlers[code],
            at=self.wait(1, 4),
            proposed_unit=self.places.units[self.kind.unit],
        )
        self.opinion = self.fresh()
        self.opinion = units.reassign(
            self.opinion,
            unit=self.places.units[self.kind.unit],
            reason="异议成立，按职责改派。",
            by=self.people.dispatcher,
            at=self.wait(1, 3),
        )

    def handle(self, code: str, *, by, days: tuple[int, int]) -> None:
        self.opinion = units.sign(self.opinion, by=by, at=self.wait(0, 2))
        if self.opinion.state == State.DEPT_RECEIVED:
            self.opinion = units.assign_handler(
                self.opinion, handler=by, by=self.people.heads[code], at=self.wait(0, 1)
            )
        if self.random.random() < 0.2:
            units.speak(
                self.opinion, text="您好，我们准备到现场看看，请问方便时间和具体位置?", by=by, at=self.wait(0, 2)
            )
        if self.random.random() < 0.06:
            extensions.request_extension(self.opinion, reason=matters.EXTENSION_REASON, by=by, at=self.wait(1, 3))
            if self.random.random() < 0.8:
                grantor = (
                    self.people.dispatcher if self.opinion.track == "district" else self.people.directors[self.street]
                )
                extensions.grant_extension(self.opinion, by=grantor, at=self.wait(0, 2))
        late = self.random.random() < 0.08
        self.reply(code, by=by, body=self.fill(self.kind.reply), days=(days[1], days[1] + 12) if late else days)
        self.rate(code, by=by)

    def reply(self, code: str, *, by, body: str, days: tuple[int, int]) -> None:
        at = self.wait(*days)
        promise = self.fill(self.kind.promise) if self.opinion.round == 1 else ""
        promise_on = timezone.localdate(at) + timedelta(self.random.randint(30, 150)) if promise else None
        outcome = OutcomeClass(self.kind.outcome) if self.opinion.round == 1 else OutcomeClass.RESOLVED
        draft = replies.save_draft(
            self.opinion, body=body, outcome=outcome, promise_text=promise, promise_on=promise_on, contact="经办科室 0990-5512345",
            version=None, by=by, at=at,
        )  # fmt: skip
        draft = replies.submit(self.opinion, version=draft.version, by=by, at=self.at + timedelta(minutes=20))
        at = self.wait(0, 2)
        replies.sign_reply(self.opinion, version=draft.version, by=self.people.heads[code], at=at)
        self.opinion = self.fresh()

    def rate(self, code: str, *, by) -> None:
        """Most rate, some never do; the first dissatisfied one is handled again, the second leads to a talk."""
        chance = self.random.random()
        if chance < 0.22 and self.rests_in is None:
            self.at = calendar_after(self.at, 16)
            if self.at > self.now:
                raise Later
            self.opinion = ending.close_unrated(self.opinion, at=self.at)
            return
        grade = self.grade()
        at = self.wait(0, 9)
        words = self.random.choice(
            matters.DISSATISFIED_WORDS if grade == Grade.DISSATISFIED else matters.SATISFIED_WORDS
        )
        ratings.rate(
            self.opinion, grade=grade, words=words, is_resolved=grade != Grade.DISSATISFIED, by=self.author, at=at
        )
        self.opinion = self.fresh()
        if self.opinion.state == State.REOPENED:
            self.reply(code, by=by, body=matters.SECOND_REPLY, days=(5, 18))
            self.rate(code, by=by)
        elif self.opinion.state == State.ESCALATED:
            self.settle()
        else:
            self.close()

    def grade(self) -> Grade:
        if self.rests_in in {State.REOPENED, State.ESCALATED}:
            return Grade.DISSATISFIED
        bad = 0.14 if self.opinion.round == 1 else 0.25
        if self.kind.outcome in {"planned", "deferred", "for_reference"}:
            bad += 0.12
        return self.random.choices(
            [Grade.SATISFIED, Grade.BASICALLY_SATISFIED, Grade.DISSATISFIED], [0.62, 0.38 - bad, bad]
        )[0]

    def close(self) -> None:
        closed_by = self.people.officers[self.station.code]
        self.opinion = ending.close(self.opinion, by=closed_by, at=self.wait(0, 3))
        if self.random.random() < 0.3 and self.opinion.outcome == OutcomeClass.RESOLVED:
            page = publishing.propose(
                self.opinion,
                title=self.opinion.title,
                body=self.opinion.body,
                reply=self.fill(self.kind.reply),
                by=closed_by,
                at=self.wait(0, 2),
            )
            publishing.approve(page, by=self.people.directors[self.street], at=self.wait(0, 2))

    def settle(self) -> None:
        at = self.wait(5, 15)
        self.opinion = ending.settle(
            self.opinion, held_on=timezone.localdate(at), people="反映人、代表、承办单位负责人、代表工委", by=self.people.reviewer, at=at,
            result="三方到现场看过，商定分两步整改，反映人认可。", way_on="整改情况列入代表下季度视察",
        )  # fmt: skip

    def on_the_spot(self) -> None:
        self.accept()
        self.opinion = deputies.answer_on_spot(
            self.opinion,
            text=matters.SPOT_ANSWER,
            outcome=OutcomeClass.RESOLVED,
            by=self.deputy.account,
            at=self.wait(0, 1),
        )
        at = self.wait(0, 5)
        ratings.rate(self.opinion, grade=Grade.SATISFIED, words="说得很清楚。", is_resolved=True, by=self.author, at=at)
        self.opinion = self.fresh()
        self.close()

    def diverted(self) -> None:
        to, reason = self.random.choice(matters.DIVERSIONS)
        self.opinion = triage.divert(
            self.opinion,
            to=Diversion(to),
            reason=reason,
            by=self.people.officers[self.station.code],
            at=self.wait(0, 2),
        )

    def declined(self) -> None:
        self.opinion = triage.decline(
            self.opinion, reason=matters.DECLINE, by=self.people.officers[self.station.code], at=self.wait(1, 2)
        )

    def rejected_in_review(self) -> None:
        self.opine()
        self.opinion = street.forward_district(
            self.opinion, text=matters.BEYOND_STREET[0], by=self.people.directors[self.street], at=self.wait(0, 2)
        )
        self.opinion = district.begin_review(self.opinion, by=self.people.reviewer, at=self.wait(0, 1))
        text, way_on = self.random.choice(matters.REJECT)
        self.opinion = district.reject_review(
            self.opinion, text=text, way_on=way_on, by=self.people.reviewer, at=self.wait(1, 4)
        )

    def withdrawn(self) -> None:
        self.opinion = joining.withdraw(self.opinion, by=self.author, at=self.wait(0, 1))

    def merged(self) -> None:
        """A neighbour writes the same again; the station makes one matter of the two, and it is answered."""
        first, self.at = self.opinion, self.wait(0, 1)
        self.opinion = second = self.say(nonce_of(f"{self.number:06}-again"))
        officer = self.people.officers[self.station.code]
        merging.merge(second, into=first, by=officer, at=self.wait(0, 1))
        self.opinion = first
        self.on_the_spot()

    def left_waiting(self) -> None:
        """Recent ones lie where they are; older ones are taken up late, because somebody had forgotten them."""
        self.wait(4, 8)
        self.street_track()


def calendar_after(moment: datetime, workdays: int) -> datetime:
    day = calendar.current().add_workdays(timezone.localdate(moment), workdays)
    return timezone.make_aware(datetime(day.year, day.month, day.day, 1, 30))
