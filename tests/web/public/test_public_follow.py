"""Following a matter: who gets in, what they see, and what they may do."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from jiazhan.documents.files import checking
from jiazhan.opinions.choices import Grade
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import intake, joining, publishing, triage, units
from jiazhan.opinions.states import State
from jiazhan.people.roles import Role
from tests import factories
from tests.domain.opinions import walking as lives
from tests.web.public.walking import form_to, said, send


def enter(client, code):
    return client.post("/follow/", {"code": code})


def address(opinion, tail=""):
    return f"/follow/{opinion.jurisdiction}/{opinion.pk}/{tail}"


def picture(name="积水.jpg"):
    file = io.BytesIO()
    Image.new("RGB", (300, 200), "grey").save(file, "JPEG")
    return checking.check(file, name=name)


def with_code(county, walk=None, **given):
    """A matter with its follow-up code, brought along a walk of `lives`."""
    nonce = factories.nonce()
    with county.within():
        if walk is None:
            raised = factories.raised(county, nonce=nonce, **given)
            return raised.opinion, raised.follow_code
        opinion = walk(county, nonce=nonce, **given)
        again = factories.raised(county, nonce=nonce)
        assert again.opinion == opinion
        return Opinion.objects.get(pk=opinion.pk), again.follow_code


@pytest.fixture
def handled(county):
    return with_code(county, lives.handling_street)


@pytest.fixture
def answered(county):
    opinion, code = with_code(county, lives.handling_street)
    with county.within():
        lives.replied(
            opinion,
            county,
            at=timezone.now(),
            promise_text="年底前换完管道",
            promise_on=timezone.localdate() + timedelta(days=30),
        )
        opinion.refresh_from_db()
    return opinion, code


def test_a_code_opens_its_matter_however_it_is_typed(client, county):
    opinion, code = with_code(county)
    for typed in (code, code.lower(), code.replace("-", " ")):
        assert enter(client, typed).url == address(opinion)
    page = client.get(address(opinion))
    assert opinion.body in said(page)
    assert code not in page.content.decode()


@pytest.mark.parametrize("typed", ["", "AAAAA-AAAAA", "' OR 1=1 --", "码" * 40])
def test_a_wrong_code_opens_nothing_and_says_so(client, county, typed):
    with_code(county)
    page = enter(client, typed)
    assert page.status_code == 422
    assert "查询码" in said(page)


def test_a_stranger_finds_nothing_where_the_author_does(client, county):
    opinion, code = with_code(county)
    addresses = [address(opinion), address(opinion, "sent/")]
    assert client.get(addresses[0]).status_code == 404
    assert client.get(addresses[1]).url == "/follow/"
    for act in ("rate/", "message/", "withdraw/", "take-down/"):
        assert client.post(address(opinion, act)).status_code == 404
    enter(client, code)
    assert [client.get(each).status_code for each in addresses] == [200, 200]


def test_the_code_of_one_matter_opens_no_other(client, county):
    _own, code = with_code(county)
    other, _code = with_code(county)
    enter(client, code)
    assert client.get(address(other)).status_code == 404


def test_a_matter_is_not_found_under_another_county(client, county):
    opinion, code = with_code(county)
    elsewhere = factories.County(code="990107", name="清河区")
    enter(client, code)
    assert client.get(f"/follow/{elsewhere.code}/{opinion.pk}/").status_code == 404
    assert client.get(f"/follow/999999/{opinion.pk}/").status_code == 404


def test_leaving_forgets_on_this_device(client, county):
    opinion, code = with_code(county)
    enter(client, code)
    assert client.post("/follow/leave/").url == "/follow/"
    assert client.get(address(opinion)).status_code == 404


def test_who_has_it_now_and_how_long_is_left_stand_on_top(client, handled):
    opinion, code = handled
    enter(client, code)
    page = said(client.get(address(opinion)))
    assert "正在办理 望江街道办事处" in page
    assert "个工作日" in page
    assert "望江街道办事处已签收，开始办理。" in page.replace(",", "，")


def test_the_author_downloads_what_was_sent_and_a_stranger_does_not(client, county):
    opinion, code = with_code(county, files=[picture()])
    enter(client, code)
    page = client.get(address(opinion)).content.decode()
    small = page.split('<img src="')[1].split('"')[0]
    large = small.removesuffix("small/")
    assert [client.get(each)["Content-Type"] for each in (small, large)] == ["image/jpeg", "image/jpeg"]
    client.post("/follow/leave/")
    assert [client.get(each).status_code for each in (small, large)] == [404, 404]


def test_a_reply_is_read_rated_and_its_letter_downloaded(client, county, answered):
    opinion, code = answered
    enter(client, code)
    page = client.get(address(opinion))
    assert "已清淤疏通" in said(page)
    assert "年底前换完管道" in said(page)
    letter = page.content.decode().split("/letters/")[1].split('"')[0]
    pdf = client.get(address(opinion, f"letters/{letter}"))
    assert (pdf["Content-Type"], b"".join(pdf.streaming_content)[:5]) == ("application/pdf", b"%PDF-")
    done = send(client, page, "/rate/", grade="satisfied", is_resolved="yes")
    assert done.url == address(opinion)
    assert "您的评价：满意" in said(client.get(done.url))
    with county.within():
        assert Opinion.objects.get().grade == Grade.SATISFIED


def test_opening_the_reply_is_noted_as_seen(client, county, answered):
    opinion, code = answered
    enter(client, code)
    client.get(address(opinion))
    with county.within():
        assert opinion.deliveries.filter(recipient="author", seen_at__isnull=False).exists()


def test_dissatisfied_needs_a_word_and_goes_back_to_the_unit(client, county, answered):
    opinion, code = answered
    enter(client, code)
    page = client.get(address(opinion))
    refused = send(client, page, "/rate/", grade="dissatisfied")
    assert refused.status_code == 422
    assert "请写一句哪里不满意" in said(refused)
    assert form_to(refused, "/rate/")["fields"]["grade"] == "dissatisfied"
    send(client, page, "/rate/", grade="dissatisfied", words="又堵了")
    page = said(client.get(address(opinion)))
    assert "您不满意" in page
    assert "已清淤疏通" in page
    with county.within():
        assert Opinion.objects.get().state == State.REOPENED


def test_rating_twice_is_told_and_changes_nothing(client, county, answered):
    opinion, code = answered
    enter(client, code)
    page = client.get(address(opinion))
    send(client, page, "/rate/", grade="satisfied")
    second = send(client, page, "/rate/", grade="dissatisfied", words="改主意")
    assert second.status_code == 409
    with county.within():
        assert Opinion.objects.get().grade == Grade.SATISFIED


def test_no_grade_is_asked_for_kindly(client, answered):
    opinion, code = answered
    enter(client, code)
    page = client.post(address(opinion, "rate/"), {})
    assert page.status_code == 422
    assert "请选一张脸" in said(page)


def test_the_author_and_the_unit_talk_without_numbers(client, county, handled):
    opinion, code = handled
    with county.within():
        units.speak(opinion, text="请问是几号井盖?", by=county.street_handler, at=timezone.now())
    enter(client, code)
    page = client.get(address(opinion))
    assert "请问是几号井盖?" in said(page)
    assert send(client, page, "/message/", text="  ").status_code == 422
    assert send(client, page, "/message/", text="北门第二个。").status_code == 302
    assert "北门第二个。" in said(client.get(address(opinion)))


def test_a_matter_is_withdrawn_as_long_as_nobody_was_asked_to_handle_it(client, county, handled):
    early, code = with_code(county)
    enter(client, code)
    page = client.get(address(early))
    assert send(client, page, "/withdraw/").status_code == 302
    assert "您已撤回" in said(client.get(address(early)))
    late, code = handled
    enter(client, code)
    assert "撤回这件事" not in said(client.get(address(late)))
    assert client.post(address(late, "withdraw/")).status_code == 409


def test_who_joined_sees_progress_and_rates_but_reads_no_other_words(client, county):
    opinion, _code = with_code(
        county, lives.handling_street, body="我家住 3 栋 502 室，北门积水。", title="北门积水，联系 13800138000"
    )
    with county.within():
        joining.join(opinion, author=intake.ANONYMOUS, note="我家也是", nonce=factories.nonce(), at=factories.NOW)
        mine = joining.join(opinion, author=intake.ANONYMOUS, note="", nonce=factories.nonce(), at=factories.NOW)
        lives.replied(opinion, county, at=timezone.now())
    enter(client, mine.follow_code)
    page = client.get(address(opinion))
    words = said(page)
    assert "已清淤疏通" in words
    assert "502" not in words
    assert "13800138000" not in words
    assert "撤回这件事" not in words
    assert send(client, page, "/rate/", grade="basically_satisfied").status_code == 302
    assert "您的评价：基本满意" in said(client.get(address(opinion)))
    assert client.post(address(opinion, "message/"), {"text": "你好"}).status_code == 409
    assert client.post(address(opinion, "withdraw/")).status_code == 409


def test_who_joined_cannot_fetch_the_authors_files(client, county):
    opinion, code = with_code(county, files=[picture()])
    with county.within():
        mine = joining.join(opinion, author=intake.ANONYMOUS, note="", nonce=factories.nonce(), at=factories.NOW)
    enter(client, code)
    small = client.get(address(opinion)).content.decode().split('<img src="')[1].split('"')[0]
    client.post("/follow/leave/")
    enter(client, mine.follow_code)
    assert client.get(address(opinion)).status_code == 200
    assert client.get(small).status_code == 404


def test_the_author_takes_the_public_page_down(client, county, answered):
    opinion, code = answered
    with county.within():
        proposed = publishing.propose(opinion, title="北门积水", body="下雨积水", by=county.officer, at=timezone.now())
        publishing.approve(proposed, by=county.appoint(Role.STREET_DIRECTOR), at=timezone.now())
    public = f"/open/{county.code}/{proposed.pk}/"
    assert client.get(public).status_code == 200
    enter(client, code)
    assert send(client, client.get(address(opinion)), "/take-down/").status_code == 302
    marker = client.get(public)
    assert marker.status_code == 410
    assert "下雨积水" not in said(marker)
    assert "反映人要求撤下" in said(marker)


def test_a_resident_finds_own_and_joined_matters_after_logging_in(client, county):
    resident, stranger = factories.resident(), factories.resident("王大明")
    author = intake.Author(account=resident, name="李秀英")
    own, _code = with_code(county, author=author, title="我家门口的路灯")
    other, _code = with_code(county, title="北门积水")
    with county.within():
        joining.join(other, author=intake.Author(account=resident), note="", nonce=factories.nonce(), at=factories.NOW)
    client.force_login(resident)
    page = said(client.get("/my/"))
    assert "我家门口的路灯" in page
    assert "北门积水" in page
    assert [client.get(address(each)).status_code for each in (own, other)] == [200, 200]
    client.force_login(stranger)
    assert "还没有反映过事情" in said(client.get("/my/"))
    assert [client.get(address(each)).status_code for each in (own, other)] == [404, 404]


def test_a_merged_matter_shows_what_became_of_the_one_it_joined(client, county):
    main, _code = with_code(county, title="北门积水")
    double, code = with_code(county, title="小区门口有水")
    with county.within():
        triage.merge(double, into=main, by=county.officer, at=timezone.now())
    enter(client, code)
    page = said(client.get(address(double)))
    assert "小区门口有水" in page
    assert "已经并在一起办" in page
