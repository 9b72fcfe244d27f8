"""The photo of a station: put up and taken down by who looks after it, seen by everybody, without what the camera wrote."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from jiazhan.audit.models import Entry
from jiazhan.documents.models import Attachment
from jiazhan.documents.selectors import station_photos
from jiazhan.people.roles import Role

WORDS = "柳林大厦一楼东门，门边挂着联络站的牌子。"


def picture(width=1600, height=1200, **saved):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    Image.new("RGB", (width, height), "#467").save(out, "JPEG", exif=exif, **saved)
    return SimpleUploadedFile("IMG_0001.jpg", out.getvalue(), content_type="image/jpeg")


def where(name, station, **more):
    return reverse(f"office:{name}", kwargs={"jurisdiction": station.jurisdiction, "station_id": station.pk} | more)


def public(station, photo, name="station-photo"):
    at = {"jurisdiction": station.jurisdiction, "code": station.code, "photo_id": photo.pk}
    return reverse(f"public:{name}", kwargs=at)


def put_up(browser, station, **given):
    return browser.post(where("station-photo", station), {"photo": picture(), "description": WORDS} | given)


def test_a_photo_is_put_up_and_everybody_sees_it_without_what_the_camera_wrote(county, sign_in):
    assert put_up(sign_in(county.head), county.station).status_code == 302
    photo = station_photos(county.station).get()
    assert (photo.width, photo.height, photo.description) == (960, 720, WORDS)
    page = Client().get(f"/stations/{county.code}/{county.station.code}/").content.decode()
    assert f'alt="{WORDS}"' in page
    assert public(county.station, photo) in page
    answer = Client().get(public(county.station, photo))
    kept = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == "image/jpeg"
    assert b"Camera" not in kept
    assert Image.open(io.BytesIO(kept)).size == (960, 720)
    small = b"".join(Client().get(public(county.station, photo, "station-photo-small")).streaming_content)
    assert max(Image.open(io.BytesIO(small)).size) == 320


def test_another_photo_takes_the_place_of_the_first_and_the_old_address_is_gone(county, sign_in):
    browser = sign_in(county.head)
    put_up(browser, county.station)
    first = station_photos(county.station).get()
    put_up(browser, county.station, photo=picture(800, 600), description="从街对面看过来的样子。")
    second = station_photos(county.station).get()
    assert second.width == 800
    assert Client().get(public(county.station, first)).status_code == 404
    assert Client().get(public(county.station, second)).status_code == 200
    # One station's photo is not another's.
    assert Client().get(public(county.home, second)).status_code == 404


def test_a_photo_is_taken_down_with_a_reason_that_enters_the_record(county, sign_in):
    browser = sign_in(county.head)
    put_up(browser, county.station)
    photo = station_photos(county.station).get()
    assert browser.post(where("station-photo-remove", county.station), {"reason": ""}).status_code == 422
    assert station_photos(county.station).exists()
    assert browser.post(where("station-photo-remove", county.station), {"reason": "拍到了行人。"}).status_code == 302
    assert not station_photos(county.station).exists()
    assert Client().get(public(county.station, photo)).status_code == 404
    assert (
        "<img"
        not in Client().get(f"/stations/{county.code}/{county.station.code}/").content.decode().split("怎么来")[1]
    )
    assert Entry.objects.get(action="attachment.removed").detail == {"reason": "拍到了行人。"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"photo": ""}, "请先选一张照片"),
        ({"description": "门"}, "用一句话说明照片里是什么"),
        ({"photo": SimpleUploadedFile("a.jpg", b"MZ\x90\x00not a picture")}, "没有收下"),
        ({"photo": SimpleUploadedFile("a.pdf", b"%PDF-1.4\nwords\n%%EOF")}, "这不是照片"),
    ],
    ids=["none", "no words", "a program", "a document"],
)
def test_what_is_no_photo_is_refused_and_the_words_are_kept(given, said, county, sign_in):
    browser = sign_in(county.head)
    answer = put_up(browser, county.station, **given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert given.get("description", WORDS) in answer.content.decode()
    assert not Attachment.objects.exists()
    assert put_up(browser, county.station).status_code == 302


def test_only_who_looks_after_the_station_may_change_its_photo(county, sign_in):
    stranger = county.appoint(Role.STATION_HEAD, station=county.other_station, area=county.other_street.code)
    assert put_up(sign_in(stranger), county.station).status_code == 404
    assert put_up(sign_in(county.officer), county.station).status_code == 403
    assert not Attachment.objects.exists()
    assert put_up(sign_in(county.director), county.station).status_code == 302
    assert (
        sign_in(stranger).post(where("station-photo-remove", county.station), {"reason": "不好看。"}).status_code == 404
    )
    assert station_photos(county.station).exists()
