"""Entering for somebody: one matter however often it is sent, nothing lost when refused, a slip for its author only."""

import io
import secrets

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from jiazhan.audit.models import Entry
from jiazhan.documents.selectors import attachments_of
from jiazhan.opinions import access
from jiazhan.opinions.models import Opinion
from jiazhan.people.roles import Role

ENTER = "/office/opinions/new/"


def said(county, **changed):
    return {
        "nonce": secrets.token_urlsafe(18), "channel": "phone", "station": county.station.pk, "body": "北门下雨就积水。",
        "community": county.community.code, "place_note": "北门外", "name": "李秀英", "phone": "13812345678", "headcount": "3",
        "is_hidden_from_units": "on",
    } | changed  # fmt: skip


def picture(name="积水.png"):
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


def test_what_a_person_says_becomes_one_matter_with_a_code_that_leads_to_it(county, sign_in):
    browser, given = sign_in(county.officer), said(county)
    first = browser.post(ENTER, given | {"files": [picture()]})
    again = browser.post(ENTER, given)
    matter = Opinion.objects.get()
    assert first.url == again.url == reverse("office:receipt", args=[county.code, matter.pk])
    assert (matter.channel, matter.entered_by, matter.headcount, matter.community) == (
        "phone", county.officer, 3, county.community.code,
    )  # fmt: skip
    assert attachments_of(matter).count() == 1
    page = browser.get(first.url).content.decode()
    code = page.split('class="digits">')[1].split("<")[0]
    assert access.by_follow_code(code) == matter


def test_an_anonymous_one_keeps_neither_name_nor_number(county, sign_in):
    sign_in(county.officer).post(ENTER, said(county, is_anonymous="on"))
    matter = Opinion.objects.get()
    assert matter.is_anonymous
    assert not matter.author_name_sealed
    assert not matter.author_phone_sealed


def test_a_refused_form_keeps_every_word_and_every_file(county, sign_in):
    browser = sign_in(county.officer)
    bad = said(county, phone="12", body="北门下雨就积水，水深过膝。")
    answer = browser.post(ENTER, bad | {"files": [picture()]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert Opinion.objects.count() == 0
    assert "水深过膝" in page
    assert "李秀英" in page
    assert "不要“积水" in page
    kept = page.split('name="kept" value="')[1].split('"')[0]
    assert browser.post(ENTER, bad | {"phone": "13812345678", "kept": kept}).status_code == 302
    assert attachments_of(Opinion.objects.get()).count() == 1


def test_too_many_words_and_files_that_are_not_what_they_say_are_refused_with_a_sentence(county, sign_in):
    browser = sign_in(county.officer)
    long = browser.post(ENTER, said(county, body="长" * 5001))
    assert long.status_code == 422
    assert "多了 1 字" in long.content.decode()
    program = SimpleUploadedFile("照片.jpg", b"MZ\x90\x00" + b"\0" * 200, "image/jpeg")
    fake = browser.post(ENTER, said(county) | {"files": [program]})
    assert fake.status_code == 422
    assert Opinion.objects.count() == 0
    assert browser.post(ENTER, said(county, body="𠮷祥苑 🚰 自来水发黄")).status_code == 302


def test_a_clerk_enters_at_their_own_stations_only(county, sign_in):
    browser = sign_in(county.officer)
    answer = browser.post(ENTER, said(county, station=county.other_station.pk))
    assert answer.status_code == 422
    assert Opinion.objects.count() == 0
    assert browser.post(ENTER, said(county)).status_code == 302


def test_the_slip_is_printed_by_who_entered_and_by_nobody_else(county, sign_in):
    browser = sign_in(county.officer)
    browser.post(ENTER, said(county))
    place = [county.code, Opinion.objects.get().pk]
    slip = browser.post(reverse("office:receipt-pdf", args=place))
    assert slip.content.startswith(b"%PDF")
    assert "no-store" in slip["Cache-Control"]
    assert Entry.objects.filter(action="opinion.print_receipt").count() == 1
    colleague = sign_in(county.appoint(Role.LIAISON_OFFICER))
    assert colleague.post(reverse("office:receipt-pdf", args=place)).status_code == 403
    page = colleague.get(reverse("office:receipt", args=place))
    assert page.status_code == 403
    assert "由登记人打印" in page.content.decode()
