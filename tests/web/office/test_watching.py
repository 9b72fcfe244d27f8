"""Watching and the record: figures that open their cases, unrated never satisfied, a chain that is checked."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from jiazhan.audit.models import Entry
from jiazhan.opinions.choices import Grade
from jiazhan.opinions.selectors import watching
from jiazhan.opinions.selectors.watching import Kind
from jiazhan.opinions.services import ending
from jiazhan.people.roles import Role
from tests.domain.opinions import walking
from tests.factories import NOW, opinion

TODAY = NOW.date()


def test_every_figure_opens_as_many_cases_as_it_says(county, sign_in):
    walking.rated(walking.handling_street(county, body="路灯不亮。"), county, Grade.SATISFIED)
    walking.rated(walking.handling_street(county, body="井盖松动。"), county, Grade.DISSATISFIED)
    walking.replied(walking.handling_street(county, body="健身器材坏了。"), county)
    opinion(county, body="河道发黑。", at=NOW - timedelta(days=30))
    found = watching.figures(county.office, today=TODAY)
    for kind in Kind:
        assert len(watching.cases(county.office, kind, today=TODAY)) == found.of[kind], kind
    assert (found.of[Kind.CONTENT], found.of[Kind.REOPENED], found.of[Kind.LATE]) == (1, 1, 1)
    browser = sign_in(county.office)
    assert "河道发黑" in browser.get(reverse("office:watch-cases", args=["late"])).content.decode()
    assert browser.get(reverse("office:watch-cases", args=["no-such"])).status_code == 404


def test_what_nobody_rated_is_counted_as_unrated_and_never_as_satisfied(county, sign_in):
    matter = walking.handling_street(county)
    walking.replied(matter, county)
    found = watching.figures(county.office, today=TODAY)
    assert (found.of[Kind.UNRATED], found.of[Kind.CONTENT], found.rated) == (1, 0, 0)
    page = sign_in(county.office).get(reverse("office:watch")).content.decode()
    assert "谈不上满意不满意" in page
    ending.rate(matter, grade=Grade.SATISFIED, is_resolved=False, by=walking.author_of(matter), at=NOW)
    found = watching.figures(county.office, today=TODAY)
    assert (found.of[Kind.UNRATED], found.of[Kind.CONTENT], found.of[Kind.SAID_UNRESOLVED]) == (0, 1, 1)


def test_promises_are_listed_by_whether_their_day_has_come(county, sign_in):
    matter = walking.handling_street(county)
    soon = timezone.localdate() + timedelta(days=20)
    walking.replied(matter, county, promise_text="每季度巡检一次", promise_on=soon)
    browser = sign_in(county.office)
    assert "每季度巡检一次" in browser.get("/office/watch/promises/?which=due").content.decode()
    assert "每季度巡检一次" not in browser.get("/office/watch/promises/?which=overdue").content.decode()
    matter.promises.update(due_on=timezone.localdate() - timedelta(days=1))
    assert "每季度巡检一次" in browser.get("/office/watch/promises/").content.decode()


def test_an_accusation_stays_out_of_the_figures_of_those_who_may_not_read_it(county, sign_in):
    matter = opinion(county, at=NOW - timedelta(days=30))
    assert watching.figures(county.affairs, today=TODAY).of[Kind.LATE] == 1
    walking.lock(matter)
    assert watching.figures(county.affairs, today=TODAY).of[Kind.LATE] == 0
    assert watching.figures(county.office, today=TODAY).of[Kind.LATE] == 1


def test_the_record_is_filtered_and_its_chain_verified(county, sign_in):
    matter = walking.rated(walking.handling_street(county), county)
    browser = sign_in(county.appoint(Role.AUDITOR))
    page = browser.get("/office/record/").content.decode()
    assert "签发答复" in page
    assert matter.title not in page
    only = browser.get(f"/office/record/?action=contact.&subject={matter.pk}").content.decode()
    assert "没有符合条件的记录" in only
    assert browser.get("/office/record/?since=junk&after=junk&county=000000").status_code == 200


def test_the_record_is_read_page_by_page(county, sign_in):
    matter = opinion(county)
    last = Entry.objects.first()
    Entry.objects.bulk_create(
        Entry(
            jurisdiction=county.code, action="opinion.classify", subject_label="opinions.opinion", subject_id=str(matter.pk),
            actor_kind="staff", actor_name=f"第{n:03}位", at=last.at + timedelta(seconds=n),
        ) for n in range(1, 121)
    )  # fmt: skip
    browser = sign_in(county.appoint(Role.AUDITOR))
    first = browser.get("/office/record/").content.decode()
    link = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = browser.get("/office/record/" + link).content.decode()
    assert "第021位" in first
    assert "第020位" not in first
    assert "第020位" in second
    assert "第021位" not in second
