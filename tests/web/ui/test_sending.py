"""A kept file is sent whole, or the part that a player asks for."""

import io

import pytest
from django.http import Http404
from django.test import RequestFactory

from jiazhan.documents import selectors, services
from jiazhan.documents.files.checking import check
from jiazhan.web.ui.sending import sent
from tests.factories import NOW, County, opinion

SOUND = b"#!AMR\n" + bytes(range(256)) * 4


@pytest.fixture
def download(db):
    county = County()
    with county.within():
        kept = services.attach(opinion(county), check(io.BytesIO(SOUND), name="说话.amr"), by=county.officer, at=NOW)
        yield selectors.attachment_download(kept)


def asked(download, **headers):
    answer = sent(RequestFactory().get("/", headers=headers), download)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.status_code != 416:
        assert int(answer["Content-Length"]) == len(content)
    return answer, content


def test_without_a_range_the_whole_is_sent_and_ranges_are_offered(download):
    answer, content = asked(download)
    assert (answer.status_code, content) == (200, SOUND)
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Cache-Control"] == "private, max-age=3600"


@pytest.mark.parametrize(
    ("wanted", "said", "part"),
    [
        ("bytes=0-1", "bytes 0-1/1030", SOUND[:2]),
        ("bytes=100-", "bytes 100-1029/1030", SOUND[100:]),
        ("bytes=-10", "bytes 1020-1029/1030", SOUND[-10:]),
        ("bytes=1000-99999", "bytes 1000-1029/1030", SOUND[1000:]),
        ("bytes=-99999", "bytes 0-1029/1030", SOUND),
    ],
)
def test_one_range_is_sent_by_itself(wanted, said, part, download):
    answer, content = asked(download, Range=wanted)
    assert (answer.status_code, answer["Content-Range"], content) == (206, said, part)


@pytest.mark.parametrize("wanted", ["bytes=1030-", "bytes=-0", "bytes=5000-6000"])
def test_a_range_behind_the_end_is_refused_with_the_size(wanted, download):
    answer, content = asked(download, Range=wanted)
    assert (answer.status_code, answer["Content-Range"], content) == (416, "bytes */1030", b"")


@pytest.mark.parametrize("wanted", ["bytes=5-2", "bytes=-", "bytes=0-1,5-6", "lines=1-2", "nonsense"])
def test_what_is_no_single_range_is_answered_with_the_whole(wanted, download):
    assert asked(download, Range=wanted)[0].status_code == 200


def test_part_of_another_file_is_not_mixed_with_this_one(download):
    assert asked(download, **{"Range": "bytes=0-1", "If-Range": '"another"'})[0].status_code == 200
    assert asked(download, **{"Range": "bytes=0-1", "If-Range": asked(download)[0]["ETag"]})[0].status_code == 206


def test_what_is_not_there_is_not_found():
    with pytest.raises(Http404):
        sent(RequestFactory().get("/"), None)
