"""Filters of the list kept under a name: saved, opened, renamed, deleted, each person's own."""

import pytest
from django.urls import reverse

from jiazhan.audit.models import Entry
from jiazhan.people.models import SavedFilter
from jiazhan.people.roles import Role
from jiazhan.people.services import saved_filters
from tests.factories import NOW, opinion

QUEUE = "/office/opinions/"
ASKED = "tab=waiting&q=积水"


def kept(account, name="积水的事", query="tab=waiting&q=%E7%A7%AF%E6%B0%B4"):
    return saved_filters.save_filter(account, name=name, query=query, at=NOW)


def test_filters_are_saved_under_a_name_and_opened_from_the_list(county, sign_in):
    opinion(county, body="下雨积水。")
    opinion(county, body="路灯不亮。")
    browser = sign_in(county.officer)
    assert "存下现在的筛选" in browser.get(f"{QUEUE}?{ASKED}").content.decode()
    browser.post(
        reverse("office:filter-save"), {"name": " 积水的事 ", "query": f"after=zz&q=积水&street=&{ASKED[:11]}"}
    )
    saved = SavedFilter.objects.get(account=county.officer)
    assert (saved.name, saved.query) == ("积水的事", "tab=waiting&q=%E7%A7%AF%E6%B0%B4")
    assert f"{QUEUE}?tab=waiting&amp;q=%E7%A7%AF%E6%B0%B4" in browser.get(QUEUE).content.decode()
    opened = browser.get(f"{QUEUE}?{saved.query}").content.decode()
    assert "下雨积水" in opened.replace("<mark>", "").replace("</mark>", "")
    assert "路灯不亮" not in opened
    # What is open is kept already: the form to keep it again is not offered.
    assert "存下现在的筛选" not in opened


def test_saving_renaming_and_deleting_enter_the_record_without_the_persons_words(county, sign_in):
    browser = sign_in(county.officer)
    browser.post(reverse("office:filter-save"), {"name": "积水的事", "query": ASKED})
    saved = SavedFilter.objects.get()
    browser.post(reverse("office:filter-rename", kwargs={"filter_id": saved.pk}), {"name": "雨天"})
    saved.refresh_from_db()
    assert saved.name == "雨天"
    browser.post(reverse("office:filter-delete", kwargs={"filter_id": saved.pk}))
    assert not SavedFilter.objects.exists()
    entries = Entry.objects.filter(subject_id=str(county.officer.pk), action__startswith="account.filter")
    assert [each.action for each in entries.order_by("at", "id")] == [
        "account.filter-saved", "account.filter-renamed", "account.filter-deleted",
    ]  # fmt: skip
    assert all(each.detail == {"filter": str(saved.pk)} for each in entries)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "", "query": "tab=late"}, "起个名称"),
        ({"name": "很" * 21, "query": "tab=late"}, "最多 20 个字"),
        ({"name": "积水的事", "query": "tab=late"}, "已经有一组叫“积水的事”"),
        ({"name": "又一组", "query": ASKED}, "这组条件已经存过了"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence_and_the_name_is_still_there(given, said, county, sign_in):
    kept(county.officer)
    browser = sign_in(county.officer)
    answer = browser.post(reverse("office:filter-save"), given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert given["name"] in answer.content.decode()
    assert SavedFilter.objects.count() == 1
    fitting = {"name": "逾期", "query": "tab=late"}
    assert browser.post(reverse("office:filter-save"), fitting).status_code == 302
    assert SavedFilter.objects.count() == 2


def test_an_address_without_filters_is_not_kept(county, sign_in):
    browser = sign_in(county.officer)
    refused = browser.post(reverse("office:filter-save"), {"name": "没有条件", "query": "after=zz"})
    assert (refused.status_code, SavedFilter.objects.count()) == (422, 0)
    assert "还没有选任何条件" in refused.content.decode()
    assert browser.post(reverse("office:filter-save"), {"name": "有条件", "query": "after=zz&q=x"}).status_code == 302


def test_the_twenty_first_is_refused(county, sign_in):
    for number in range(saved_filters.MOST - 1):
        kept(county.officer, name=f"第{number}组", query=f"q={number}")
    browser = sign_in(county.officer)
    assert browser.post(reverse("office:filter-save"), {"name": "第二十组", "query": ASKED}).status_code == 302
    answer = browser.post(reverse("office:filter-save"), {"name": "再一组", "query": "tab=late"})
    assert answer.status_code == 422
    assert "最多存 20 组" in answer.content.decode()


def test_a_filter_cannot_take_the_name_of_another(county, sign_in):
    kept(county.officer)
    other = kept(county.officer, name="逾期", query="tab=late")
    address = reverse("office:filter-rename", kwargs={"filter_id": other.pk})
    browser = sign_in(county.officer)
    assert browser.post(address, {"name": "积水的事"}).status_code == 422
    assert browser.post(address, {"name": "逾期"}).status_code == 302
    assert browser.post(address, {"name": "逾期的"}).status_code == 302
    other.refresh_from_db()
    assert other.name == "逾期的"


def test_nobody_sees_or_touches_what_another_person_keeps(county, sign_in):
    own = kept(county.officer)
    stranger = sign_in(county.appoint(Role.LIAISON_OFFICER))
    for name, given in (("office:filter-rename", {"name": "我的"}), ("office:filter-delete", {})):
        assert stranger.post(reverse(name, kwargs={"filter_id": own.pk}), given).status_code == 404
    assert "积水的事" not in stranger.get(QUEUE).content.decode()
    assert "积水的事" not in stranger.get(reverse("office:saved-filters")).content.decode()
    own.refresh_from_db()
    assert own.name == "积水的事"
    assert "积水的事" in sign_in(county.officer).get(QUEUE).content.decode()
    # Two people may use one name.
    assert stranger.post(reverse("office:filter-save"), {"name": "积水的事", "query": ASKED}).status_code == 302


def test_a_filter_that_names_something_gone_opens_with_a_sentence(county, sign_in):
    opinion(county, body="下雨积水。")
    browser = sign_in(county.affairs)
    closed = county.make_station("09", "撤并的站")
    county.station.status = "closed"
    county.station.save()
    gone = browser.get(f"{QUEUE}?tab=all&station={county.station.pk}").content.decode()
    assert "“站点”原来选的那一项已经不在名单里" in gone
    assert "下雨积水" in gone
    lost = browser.get(f"{QUEUE}?tab=all&light=blue").content.decode()
    assert "“期限”原来选的那一项已经没有了" in lost
    assert "下雨积水" in lost
    there = browser.get(f"{QUEUE}?tab=all&station={closed.pk}&light=red&category=01").content.decode()
    assert "原来选的那一项" not in there


def test_the_page_says_in_words_what_each_filter_asks(county, sign_in):
    kept(
        county.affairs,
        name="翠湖逾期",
        query=f"tab=late&q=%E7%A7%AF%E6%B0%B4&station={county.other_station.pk}&time=30",
    )
    page = sign_in(county.affairs).get(reverse("office:saved-filters")).content.decode()
    for words in ("已逾期", "找“积水”", "站点：翠湖联络站", "反映时间：最近 30 天"):
        assert words in page
