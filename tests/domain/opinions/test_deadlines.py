"""Open deadlines follow the calendar, and people are reminded of them, each once."""

from datetime import date, datetime, timedelta

import pytest

from jiazhan.audit import SYSTEM
from jiazhan.audit.selectors import entries_of
from jiazhan.kernel import calendar
from jiazhan.kernel.models import Parameter
from jiazhan.notifications.models import Notice
from jiazhan.opinions import parameters as names
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import deadlines, ending, reminders, units
from jiazhan.opinions.services.authors import Author
from jiazhan.opinions.states import OPEN
from tests.domain.opinions import walking
from tests.factories import NOW, SHANGHAI, later, opinion


@pytest.fixture(autouse=True)
def fresh_calendar():
    calendar.forget()
    yield
    calendar.forget()


def morning(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T08:10").replace(tzinfo=SHANGHAI)


def texts(kind: str, account=None) -> list[str]:
    rows = Notice.objects.filter(kind=kind, **({"recipient": account} if account else {}))
    return list(rows.order_by("created_at", "id").values_list("text", flat=True))


class TestRecomputing:
    def test_a_loaded_year_moves_what_it_touches_with_an_entry_each(self, county):
        fresh, handled = opinion(county), walking.handling_street(county)
        assert (fresh.due_on, handled.due_on) == (date(2026, 11, 20), date(2026, 12, 9))
        assert handled.is_due_estimated
        calendar.load_year(2026, off=[date(2026, 12, 1), date(2026, 12, 2)], work=[date(2026, 12, 5)], source="试验")
        assert deadlines.recompute(by=county.officer, at=NOW) == 2
        handled.refresh_from_db()
        assert (handled.due_on, handled.is_due_estimated) == (date(2026, 12, 10), False)
        entry = entries_of(handled).last()
        assert (entry.action, entry.actor_name) == ("opinion.move_deadline", county.officer.name)
        assert entry.detail == {"for": "reply", "from": "2026-12-09", "to": "2026-12-10", "is_estimated": False}

    def test_twice_is_once(self, county):
        walking.handling_street(county)
        calendar.load_year(2026, off=[], work=[], source="试验")
        assert deadlines.recompute(by=SYSTEM, at=NOW) == 1
        assert deadlines.recompute(by=SYSTEM, at=NOW) == 0

    def test_months_move_only_where_their_end_does(self, county):
        matter = walking.handling_department(county)
        calendar.load_year(2026, off=[date(2026, 12, 1)], work=[], source="试验")
        deadlines.recompute(by=SYSTEM, at=NOW)
        matter.refresh_from_db()
        assert matter.due_on == date(2027, 2, 18)
        calendar.load_year(2027, off=[date(2027, 2, 18), date(2027, 2, 19)], work=[], source="试验")
        deadlines.recompute(by=SYSTEM, at=NOW)
        matter.refresh_from_db()
        assert (matter.due_on, matter.is_due_estimated) == (date(2027, 2, 22), False)

    def test_a_window_for_objections_grows_by_the_holidays_in_it(self, county):
        matter = walking.assigned_street(county)
        calendar.load_year(2026, off=[date(2026, 11, 26), date(2026, 11, 27)], work=[], source="试验")
        deadlines.recompute(by=SYSTEM, at=NOW)
        assert units.assignment_of(matter).objection_until == date(2026, 12, 1)
        units.object_to(matter, reason="不属", by=county.street_handler, at=later(days=13))

    def test_closed_matters_are_left_alone(self, county):
        matter = walking.rated(walking.handling_street(county), county)
        ending.close(matter, by=county.officer, at=later(hours=2))
        calendar.load_year(2026, off=[date(2026, 11, 19)], work=[], source="试验")
        assert deadlines.recompute(by=SYSTEM, at=NOW) == 0

    def test_a_granted_extension_moves_as_what_it_is(self, county):
        from jiazhan.opinions.services import extensions

        matter = walking.handling_street(county)
        extensions.request_extension(matter, reason="需时。", by=county.street_handler, at=NOW)
        assert extensions.grant_extension(matter, by=county.director, at=NOW).due_on == date(2026, 12, 30)
        calendar.load_year(2026, off=[date(2026, 12, 1)], work=[], source="试验")
        deadlines.recompute(by=SYSTEM, at=NOW)
        matter.refresh_from_db()
        assert matter.due_on == date(2026, 12, 31)


class TestReminding:
    def test_the_handler_is_reminded_at_each_step_and_on_the_day(self, county):
        matter = walking.handling_department(county)
        assert matter.due_on == date(2027, 2, 18)
        day = date(2027, 1, 25)
        while day <= date(2027, 2, 18):
            for _ in range(2):
                reminders.remind(at=morning(day.isoformat()))
            day += timedelta(1)
        said = texts("deadline-soon", county.handler)
        left = ["还剩 11 个工作日", "还剩 5 个工作日", "还剩 3 个工作日", "还剩 1 个工作日", "今天到期"]
        assert len(said) == len(left)
        for text, words in zip(said, left, strict=True):
            assert words in text
            assert "2027-02-18 到期" in text
            assert matter.number in text

    def test_a_day_that_the_worker_missed_is_made_up_for(self, county):
        walking.handling_department(county)
        reminders.remind(at=morning("2027-02-05"))
        assert len(texts("deadline-soon", county.handler)) == 1
        reminders.remind(at=morning("2027-02-14"))
        assert len(texts("deadline-soon", county.handler)) == 2

    def test_a_short_period_does_not_begin_with_a_reminder(self, county):
        county.officer  # noqa: B018
        opinion(county)
        reminders.remind(at=morning("2026-11-18"))
        assert texts("deadline-soon") == []
        reminders.remind(at=morning("2026-11-19"))
        assert len(texts("deadline-soon", county.officer)) == 1

    def test_lateness_climbs_from_the_handler_to_the_office_each_once(self, county):
        matter = walking.handling_street(county)
        matter = units.assign_handler(matter, handler=county.street_handler, by=county.street_unit_head, at=NOW)
        ladder = {
            "2026-12-10": county.street_handler, "2026-12-14": county.street_unit_head, "2026-12-16": county.director,
            "2026-12-23": county.office,
        }  # fmt: skip
        day = date(2026, 12, 10)
        first = {}
        while day <= date(2027, 1, 10):
            for _ in range(2):
                reminders.remind(at=morning(day.isoformat()))
            for person in ladder.values():
                if person not in first and "deadline-late" in walking.told(person, matter):
                    first[person] = day.isoformat()
            day += timedelta(1)
        assert {day: person for person, day in first.items()} == ladder
        assert Notice.objects.filter(kind="deadline-late").count() == 4
        assert "已超期 1 个工作日" in texts("deadline-late", county.street_handler)[0]

    def test_where_a_post_is_vacant_the_next_one_is_told(self, county):
        matter = walking.handling_street(county)
        county.street_handler.posts.update(ends_on=date(2026, 11, 20))
        county.street_unit_head.posts.update(ends_on=date(2026, 11, 20))
        reminders.remind(at=morning("2026-12-10"))
        assert "deadline-late" in walking.told(county.director, matter)

    def test_an_area_s_own_steps_hold_there(self, county):
        Parameter.objects.create(name=names.REMIND, area=county.code, value=[20])
        walking.handling_department(county)
        reminders.remind(at=morning("2027-01-29"))
        assert len(texts("deadline-soon", county.handler)) == 1
        reminders.remind(at=morning("2027-02-03"))
        assert len(texts("deadline-soon", county.handler)) == 1

    def test_the_author_is_reminded_once_to_rate(self, county):
        matter = walking.handling_street(county, author=Author(phone="13812345678"))
        walking.replied(matter, county)
        for day in range(1, 22):
            reminders.remind(at=NOW + timedelta(days=day))
        assert len(texts("rate-soon")) == 1
        assert "还有 3 天" in texts("rate-soon")[0]
        assert texts("deadline-soon") == []

    def test_somebody_is_there_to_remind_in_every_waiting_state(self, county):
        county.affairs, county.chair, county.head  # noqa: B018
        stages = [
            opinion, walking.accepted, walking.opined, walking.directed, walking.assigned_street, walking.handling_street,
            walking.forwarded, walking.reviewing, walking.approved, walking.at_government, walking.assigned_department,
            walking.handling_department,
        ]  # fmt: skip
        matters = [stage(county) for stage in stages]
        matters.append(walking.rated(walking.handling_street(county), county))
        matters.append(walking.rated(walking.handling_street(county), county, "dissatisfied"))
        objected = walking.assigned_street(county)
        units.object_to(objected, reason="不属", by=county.street_handler, at=NOW)
        objected.refresh_from_db()
        for matter in [*matters, objected]:
            assert matter.state in OPEN
            assert matter.due_on, matter.state
            ladder = reminders.responsible(matter)
            assert len(ladder) >= 2, matter.state
            assert ladder[0], f"{matter.state}: nobody is responsible"

    def test_of_an_accusation_only_those_hear_who_may_read_it(self, county):
        matter = walking.opined(county)
        walking.lock(matter)
        Opinion.objects.filter(pk=matter.pk).update(accused_unit=county.street_office)
        county.vice_director, county.director, county.office  # noqa: B018
        for day in range(1, 40):
            reminders.remind(at=NOW + timedelta(days=day))
        heard = set(Notice.objects.filter(kind__startswith="deadline").values_list("recipient__name", flat=True))
        assert heard == {county.office.name}
