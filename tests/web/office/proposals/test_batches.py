"""The assignment meeting on pages: worksheet, preview by unit, one act; as a spreadsheet too; who comes second."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jiazhan.suggestions.models import Batch
from jiazhan.suggestions.services import assigning
from jiazhan.suggestions.states import State
from tests.domain.suggestions import walking
from tests.factories import NOW

SHEET = "/office/proposals/batches/new/"
COMMIT = "/office/proposals/batches/commit/"


def content(answer):
    return answer.content.decode()


def typed(*rows, name="闭会交办会"):
    given = {"name": name}
    for proposal, host, assist in rows:
        given |= {f"h-{proposal.pk.hex}": host, f"a-{proposal.pk.hex}": assist}
    return given


def sealed(answer):
    return re.search(r'name="plan" value="([^"]+)"', content(answer)).group(1)


@pytest.fixture
def units(county):
    return county.department, county.other_department


def test_a_worksheet_is_filled_previewed_by_unit_and_assigned_in_one_act(county, sign_in, units):
    one, two = walking.accepted(county), walking.accepted(county)
    browser = sign_in(county.affairs)
    assert "2 件" in content(browser.get("/office/proposals/batches/"))
    shown = content(browser.get(f"{SHEET}?session=between"))
    assert one.number in shown
    assert two.number in shown
    preview = browser.post(
        f"{SHEET}?session=between", typed((one, "区水务局", "区城管局"), (two, "区水务局、区城管局", ""))
    )
    assert preview.status_code == 200
    assert "2 件，交给 2 个单位" in content(preview)
    assert walking.again(one).state == State.ACCEPTED
    back = content(browser.post(COMMIT, {"plan": sealed(preview), "back": "1"}))
    assert f'name="h-{two.pk.hex}" value="区水务局、区城管局"' in back
    assert 'value="闭会交办会"' in back
    answer = browser.post(COMMIT, {"plan": sealed(preview)})
    batch = Batch.objects.get()
    assert answer.url == reverse("office:proposal-batch", kwargs={"jurisdiction": county.code, "batch_id": batch.pk})
    assert {walking.again(each).state for each in (one, two)} == {State.ASSIGNED}
    shown = content(browser.get(answer.url))
    assert "件还没有签收" in shown
    assert "闭会交办会" in content(browser.get("/office/proposals/batches/"))


def test_wrong_lines_are_named_and_everything_typed_stays(county, sign_in, units):
    one, two = walking.accepted(county), walking.accepted(county)
    answer = sign_in(county.affairs).post(SHEET, typed((one, "区水物局", "区城管局"), (two, "区水务局", "")))
    assert answer.status_code == 422
    shown = content(answer)
    assert "没有承办单位“区水物局”" in shown
    assert 'value="区水物局"' in shown
    assert "有 1 处要改" in shown
    assert not Batch.objects.exists()


def test_an_empty_worksheet_and_a_nameless_batch_are_refused(county, sign_in, units):
    one = walking.accepted(county)
    browser = sign_in(county.affairs)
    assert "还没有一件填了主办单位" in content(browser.post(SHEET, typed((one, "", ""))))
    answer = browser.post(SHEET, typed((one, "区水务局", ""), name=" "))
    assert answer.status_code == 422
    assert "请填写批次名称" in content(answer)


def test_the_second_clerk_reads_which_one_was_taken_and_nothing_is_assigned(county, sign_in, units):
    one, two = walking.accepted(county), walking.accepted(county)
    browser = sign_in(county.affairs)
    plan = sealed(browser.post(SHEET, typed((one, "区水务局", ""), (two, "区水务局", ""))))
    assigning.assign([assigning.Plan(two, (units[1],))], name="同事的", by=county.office, at=NOW)
    answer = browser.post(COMMIT, {"plan": plan})
    assert answer.status_code == 422
    shown = content(answer)
    assert two.number in shown
    assert "这一批一件也没有交办" in shown
    assert f'name="h-{one.pk.hex}" value="区水务局"' in shown
    assert walking.again(one).state == State.ACCEPTED
    # The second click on what was done is refused the same way.
    again = sealed(browser.post(SHEET, typed((one, "区水务局", ""))))
    assert browser.post(COMMIT, {"plan": again}).status_code == 302
    assert browser.post(COMMIT, {"plan": again}).status_code == 422
    assert Batch.objects.count() == 2


def test_somebody_elses_or_a_forged_preview_is_refused(county, sign_in, units):
    one = walking.accepted(county)
    plan = sealed(sign_in(county.affairs).post(SHEET, typed((one, "区水务局", ""))))
    for given in (plan, "forged", ""):
        answer = sign_in(county.office).post(COMMIT, {"plan": given})
        assert answer.status_code == 422
        assert "预览放得太久了" in content(answer)
    assert walking.again(one).state == State.ACCEPTED


def test_the_worksheet_goes_out_as_a_spreadsheet_and_comes_back_to_a_preview(county, sign_in, units):
    former = walking.assigned(county)
    one = walking.accepted(county)
    browser = sign_in(county.affairs)
    file = browser.get(f"{SHEET}table.xlsx")
    assert file.status_code == 200
    upload = SimpleUploadedFile("交办表.xlsx", file.content)
    preview = browser.post(SHEET, {"name": "交办会", "table": upload})
    assert preview.status_code == 200
    assert former.host.name in content(preview)
    assert one.title in content(preview)
    broken = browser.post(SHEET, {"name": "交办会", "table": SimpleUploadedFile("x.xlsx", b"no table")})
    assert broken.status_code == 422
    assert one.number in content(broken)


def test_nothing_waits_and_the_page_says_so(county, sign_in):
    browser = sign_in(county.affairs)
    assert "没有等待交办的建议" in content(browser.get("/office/proposals/batches/"))
    assert "没有等待交办的建议" in content(browser.get(SHEET))
    assert browser.get(f"{SHEET}?session=nonsense").status_code == 404


def test_the_government_assigns_its_own_batch(county, sign_in, units):
    one, other = walking.accepted(county), walking.accepted(county)
    assert county.dispatcher
    assigning.forward_to_government(one, by=county.affairs, at=NOW)
    browser = sign_in(county.dispatcher)
    shown = content(browser.get(SHEET))
    assert one.number in shown
    assert other.number not in shown
    plan = sealed(browser.post(SHEET, typed((one, "区水务局", ""))))
    assert browser.post(COMMIT, {"plan": plan}).status_code == 302
    assert walking.again(one).state == State.ASSIGNED


def test_all_that_wait_are_handed_to_the_government(county, sign_in):
    one, two = walking.accepted(county), walking.accepted(county)
    browser = sign_in(county.affairs)
    refused = browser.post("/office/proposals/batches/forward/", {"session": "between"}, follow=True)
    assert "政府办公室还没有交办员" in content(refused)
    assert "一件也没有转" in content(refused)
    assert county.dispatcher
    done = browser.post("/office/proposals/batches/forward/", {"session": "between"}, follow=True)
    assert "已转政府办公室 2 件" in content(done)
    assert {walking.again(each).state for each in (one, two)} == {State.AT_GOVERNMENT}
