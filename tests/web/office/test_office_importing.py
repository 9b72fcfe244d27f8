"""Taking in a spreadsheet of opinions: seen first, taken by the worker as far as it is fit, never twice."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from jiazhan.audit.selectors import entries_of
from jiazhan.documents.files import staging
from jiazhan.notifications.models import Notice
from jiazhan.opinions.models import ImportRun, Opinion
from jiazhan.opinions.selectors.timeline import words_of
from jiazhan.opinions.services import import_runs, importing
from jiazhan.opinions.tasks import import_rows

IMPORT = "/office/opinions/import/"
ROWS = """编号,反映时间,标题,内容,联系电话
1,2026-01-05 09:30,北门积水,柳林小区北门一下雨就积水。,13800138000
2,2026-01-06,,,
3,2026-01-07,路灯,翠湖路路灯不亮。,12
"""


def table(text=ROWS, name="意见.csv", encoding="utf-8"):
    return SimpleUploadedFile(name, text.encode(encoding), "text/csv")


def many(count):
    return "编号,内容\n" + "".join(f"{n},第{n}盏路灯不亮。\n" for n in range(count))


def sealed(page):
    return page.split('name="file" value="')[1].split('"')[0]


def previewed(browser, county, **given):
    page = browser.post(IMPORT, {"station": county.station.pk, "table": table()} | given)
    assert page.status_code == 200
    return sealed(page.content.decode())


def work():
    """What the worker does with the jobs of imports that are queued."""
    for job in ProcrastinateJob.objects.filter(task_name=import_runs.TASK, status="todo").order_by("id"):
        import_rows.func(**job.args)


def taken(browser, county, **given):
    answer = browser.post(reverse("office:import-commit"), {"file": previewed(browser, county, **given)})
    assert answer.status_code == 302
    work()
    return browser.get(answer.url).content.decode()


def test_a_file_is_seen_row_by_row_and_taken_once(county, sign_in):
    browser = sign_in(county.officer)
    page = browser.post(IMPORT, {"station": county.station.pk, "table": table()}).content.decode()
    assert "可以收进" in page
    assert "138****8000" in page
    assert "13800138000" not in page
    assert Opinion.objects.count() == 0

    done = taken(browser, county)
    assert "收进 1 件" in done
    assert "没有收下 2 行" in done
    assert '<td class="num">3</td>' in done
    assert '<td class="num">4</td>' in done
    matter = Opinion.objects.get()
    assert (matter.title, matter.channel, matter.station) == ("北门积水", "imported", county.station)

    assert "以前收过 1 件" in taken(browser, county, table=table(encoding="gbk"))
    assert Opinion.objects.count() == 1


def test_until_the_worker_has_taken_it_the_page_says_so_and_asks_again(county, sign_in):
    browser = sign_in(county.officer)
    answer = browser.post(reverse("office:import-commit"), {"file": previewed(browser, county)})
    waiting = browser.get(answer.url).content.decode()
    assert "排队中" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert "看看现在到哪里了" in waiting
    assert Opinion.objects.count() == 0
    work()
    assert "hx-trigger" not in browser.get(answer.url).content.decode()
    ImportRun.objects.update(state="running", ended_at=None, moved_at=timezone.now() - timedelta(hours=1))
    assert "好像停住了" in browser.get(answer.url).content.decode()


def test_a_worker_that_dies_in_between_leaves_the_next_one_to_go_on(county, sign_in):
    browser = sign_in(county.officer)
    given = previewed(browser, county, table=table(many(120)))
    browser.post(reverse("office:import-commit"), {"file": given})
    run = ImportRun.objects.get()
    # The worker took the first batch, counted it, and died.
    rows = importing.preview(many(120).encode()).rows
    importing.take(rows[: importing.BATCH], station=county.station, by=county.officer, at=timezone.now())
    ImportRun.objects.update(state="running", done=importing.BATCH, added=importing.BATCH)
    assert "50 / 120" in browser.get(reverse("office:import-run", args=[run.pk])).content.decode()
    work()
    run.refresh_from_db()
    assert (run.state, run.done, run.added, run.skipped, run.bad) == ("done", 120, 120, 0, 0)
    assert Opinion.objects.count() == 120
    # Whoever asks once more changes nothing.
    import_runs.carry_on(run.jurisdiction, str(run.pk), at=timezone.now())
    assert Opinion.objects.count() == 120
    assert Notice.objects.filter(kind="import-ended", recipient=county.officer).count() == 1


def test_confirming_twice_is_one_run(county, sign_in):
    browser = sign_in(county.officer)
    given = previewed(browser, county)
    first = browser.post(reverse("office:import-commit"), {"file": given})
    second = browser.post(reverse("office:import-commit"), {"file": given})
    assert first.url == second.url
    assert ImportRun.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name=import_runs.TASK).count() == 1


def test_a_file_with_more_rows_than_one_takes_is_refused_and_says_how_many(county, sign_in, monkeypatch):
    monkeypatch.setattr(import_runs, "MOST_ROWS", 3)
    browser = sign_in(county.officer)
    refused = browser.post(IMPORT, {"station": county.station.pk, "table": table(many(4))})
    assert refused.status_code == 422
    assert "表里有 4 行，一次最多收 3 行" in refused.content.decode()
    assert browser.post(IMPORT, {"station": county.station.pk, "table": table(many(3))}).status_code == 200


def test_the_file_is_gone_once_it_was_taken_and_says_so_where_it_was_swept(county, sign_in):
    browser = sign_in(county.officer)
    taken(browser, county)
    with pytest.raises(staging.StagedGone):
        staging.checked(staging.Staged(ImportRun.objects.get().staged_key, "意见.csv", "", 0))
    answer = browser.post(reverse("office:import-commit"), {"file": previewed(browser, county)})
    staging.sweep(on=timezone.localdate() + timedelta(days=9))
    work()
    page = browser.get(answer.url).content.decode()
    assert "没有收完" in page
    assert "放得太久" in page


def test_a_run_is_its_owners_alone(county, sign_in):
    browser = sign_in(county.officer)
    answer = browser.post(reverse("office:import-commit"), {"file": previewed(browser, county)})
    assert sign_in(county.head).get(answer.url).status_code == 404
    assert "意见.csv" not in sign_in(county.head).get(IMPORT).content.decode()
    assert browser.get(answer.url).status_code == 200
    assert "意见.csv" in browser.get(IMPORT).content.decode()


def test_the_end_enters_the_record_and_the_notice_leads_to_the_page(county, sign_in):
    browser = sign_in(county.officer)
    taken(browser, county)
    run = ImportRun.objects.get()
    assert [words_of(each) for each in entries_of(run)] == ["从表格收进 1 件，没有收下 2 行。"]
    assert reverse("office:import-run", args=[run.pk]) in browser.get(reverse("office:notices")).content.decode()


def test_a_month_later_the_run_is_forgotten_and_what_it_took_in_stays(county, sign_in):
    taken(sign_in(county.officer), county)
    assert import_runs.forget_old(at=timezone.now() + timedelta(days=29)) == 0
    assert import_runs.forget_old(at=timezone.now() + timedelta(days=31)) == 1
    assert Opinion.objects.count() == 1


def test_a_column_by_another_name_is_pointed_out_by_hand(county, sign_in):
    browser, text = sign_in(county.officer), ROWS.replace("内容", "群众说")
    refused = browser.post(IMPORT, {"station": county.station.pk, "table": table(text)})
    assert refused.status_code == 422
    assert "没有找到表头" in refused.content.decode()
    taken(browser, county, table=table(text), column_body="群众说")
    assert Opinion.objects.count() == 1


def test_what_is_no_spreadsheet_and_somebody_elses_preview_are_refused(county, sign_in):
    browser = sign_in(county.officer)
    junk = SimpleUploadedFile("表.xlsx", b"\x00\x01junk", "application/octet-stream")
    assert browser.post(IMPORT, {"station": county.station.pk, "table": junk}).status_code == 422
    given = previewed(browser, county)
    assert sign_in(county.head).post(reverse("office:import-commit"), {"file": given}).status_code == 422
    assert ImportRun.objects.count() == 0
    assert browser.post(reverse("office:import-commit"), {"file": given}).status_code == 302
    work()
    assert Opinion.objects.count() == 1


def test_rows_go_to_ones_own_stations_only_and_the_template_is_there(county, sign_in):
    browser = sign_in(county.officer)
    assert browser.post(IMPORT, {"station": county.other_station.pk, "table": table()}).status_code == 422
    assert browser.post(IMPORT, {"station": county.station.pk, "table": table()}).status_code == 200
    assert browser.get(reverse("office:import-template")).content.startswith(b"PK")
    assert importing.COLUMNS
