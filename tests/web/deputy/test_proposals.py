"""What a deputy sees and does with proposals; the permitted and the refused share the proposal, so a 404 is no wrong address."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from jiazhan.documents.selectors import attachments_of
from jiazhan.kernel.outcomes import Grade, OutcomeClass, PromiseState
from jiazhan.people.models import Mandate
from jiazhan.people.roles import Role
from jiazhan.people.states import MandateStatus
from jiazhan.suggestions import rules
from jiazhan.suggestions.choices import Consent, Kind, Origin, Publicity
from jiazhan.suggestions.models import Follow, Proposal, ReplyCopy
from jiazhan.suggestions.services import checking, cosigning, units
from jiazhan.suggestions.states import State
from jiazhan.web.deputy import proposal_writing
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import resident
from tests.web.deputy.asking import ask

TEXT = walking.TEXT


@pytest.fixture
def people(county, me):
    """Everybody who might look: the lead, a co-signer, a colleague who sits but was not asked, and strangers."""
    with county.within():
        return {
            "lead": me,
            "cosigner": county.make_deputy("林静").account,
            "colleague": county.make_deputy("陈秀兰").account,
            "elsewhere": factories.County(code="990107", name="青石区").make_deputy("何伟").account,
            "handler": county.handler,
            "resident": resident(),
        }


@pytest.fixture
def stages(county, people):
    """A proposal of the lead with one co-signer, in any stage by name."""
    second = people["cosigner"].deputy

    def brought(stage: str) -> Proposal:
        with county.within():
            return {
                "draft": lambda: walking.drafted(county),
                "cosigning": lambda: _invited(county, second),
                "submitted": lambda: walking.submitted(county, second),
                "accepted": lambda: walking.accepted(county, second),
                "in_progress": lambda: walking.in_progress(county, second),
                "replied": lambda: walking.replied(county, second),
            }[stage]()

    return brought


def _invited(county, *deputies):
    proposal = walking.drafted(county)
    return cosigning.invite(proposal, deputies=deputies, by=proposal.lead.account, at=timezone.now())


def address(proposal, under=""):
    return f"/deputy/proposals/{proposal.jurisdiction}/{proposal.pk}/{under}"


def text_of(response):
    return response.content.decode()


# Who reads the page of a proposal in which state. 302: the lead of a draft is led to the editor.
READS = {
    "draft": {"lead": 302, "cosigner": 404, "colleague": 404},
    "cosigning": {"lead": 302, "cosigner": 200, "colleague": 404},
    "submitted": {"lead": 200, "cosigner": 200, "colleague": 404},
    "accepted": {"lead": 200, "cosigner": 200, "colleague": 200},
    "in_progress": {"lead": 200, "cosigner": 200, "colleague": 200},
    "replied": {"lead": 200, "cosigner": 200, "colleague": 200},
}
STRANGERS = {"elsewhere": 404, "handler": 403, "resident": 403}


@pytest.mark.parametrize("stage", READS)
def test_who_reads_a_proposal_in_which_state(at, stages, people, stage):
    proposal = stages(stage)
    expected = READS[stage] | STRANGERS
    assert {who: at(people[who]).get(address(proposal)).status_code for who in expected} == expected


# What a stranger to the act gets; "lead" shows that the address is right.
ACTS = {
    "draft": {"edit/": dict(TEXT, version=2), "submit/": {"version": 2}, "withdraw/": {}, "files/": {}},
    "cosigning": {"confirm/": {"version": 2}, "decline/": {}, "cosigners/remind/": {}},
    "accepted": {"follow/": {}, "withdraw/": {}},
}


@pytest.mark.parametrize(("stage", "under"), [(stage, under) for stage, acts in ACTS.items() for under in acts])
def test_acts_are_refused_to_whom_they_do_not_belong(at, county, stages, people, stage, under):
    proposal = stages(stage)
    typed = ACTS[stage][under]
    before = Proposal.objects.filter(pk=proposal.pk).values("state", "version")
    for who, status in STRANGERS.items():
        assert at(people[who]).post(address(proposal, under), typed).status_code == status, who
    if stage == "draft":
        assert at(people["colleague"]).post(address(proposal, under), typed).status_code == 404
    with county.within():
        assert list(before) == [{"state": proposal.state, "version": proposal.version}]
    right = people["cosigner"] if under in {"confirm/", "decline/"} else people["lead"]
    assert at(right).post(address(proposal, under), typed).status_code == 302


@pytest.mark.parametrize(
    "path", ["", "new/", "?tab=joint", "?tab=sign", "?tab=evaluate", "?tab=congress&q=管网&year=2026"]
)
def test_the_lists_are_for_deputies(at, people, path):
    for who, status in {"lead": 200, "elsewhere": 200, "handler": 403, "resident": 403}.items():
        assert at(people[who]).get(f"/deputy/proposals/{path}").status_code == status


def test_a_stranger_number_is_not_found(at, me, stages):
    proposal = stages("accepted")
    assert at(me).get(address(proposal)).status_code == 200
    assert at(me).get(f"/deputy/proposals/{proposal.jurisdiction}/{uuid.uuid4()}/").status_code == 404
    assert at(me).get(f"/deputy/proposals/110101/{proposal.pk}/").status_code == 404


def test_a_deputy_with_a_post_reads_here_only_what_a_deputy_reads(at, county, stages, people):
    proposal = stages("submitted")
    county.appoint(Role.COMMITTEE, unit=county.committee_unit, holder=people["colleague"])
    assert at(people["colleague"]).get("/deputy/proposals/").status_code == 200
    assert at(people["colleague"]).get(address(proposal)).status_code == 404


def test_every_tab_shows_what_it_says_and_only_that(at, county, people, stages):
    mine, other = stages("accepted"), stages("cosigning")
    with county.within():
        replied = walking.replied(county, people["cosigner"].deputy)
    lead, second = at(people["lead"]), at(people["cosigner"])
    for client, tab, shown in [
        (lead, "mine", {mine, other, replied}), (second, "joint", {mine, replied}), (second, "sign", {other}),
        (second, "evaluate", {replied}), (lead, "evaluate", {replied}), (at(people["colleague"]), "mine", set()),
        (at(people["colleague"]), "congress", {mine, replied}), (at(people["elsewhere"]), "congress", set()),
    ]:  # fmt: skip
        page = text_of(client.get(f"/deputy/proposals/?tab={tab}"))
        found = {each for each in (mine, other, replied) if str(each.pk) in page}
        assert found == shown, tab


def test_filters_stay_in_the_address_and_an_empty_answer_says_what_to_do(at, me, stages):
    proposal = stages("accepted")
    client = at(me)
    page = text_of(client.get("/deputy/proposals/?tab=congress&q=管网&span=open"))
    assert str(proposal.pk) in page
    assert 'value="管网"' in page
    page = text_of(client.get("/deputy/proposals/?tab=congress&q=加装电梯"))
    assert "没有找到" in page
    assert "清空条件" in page
    assert client.get("/deputy/proposals/?year=abc&span=no&after=..&area=x&tab=zz").status_code == 200


def test_a_deputy_without_a_mandate_in_force_reads_why_not(at, county, me, stages):
    stages("accepted")
    assert "开始写" in text_of(at(me).get("/deputy/proposals/new/"))
    Mandate.objects.filter(deputy=county.deputy).update(status=MandateStatus.SUSPENDED)
    client = at(me)
    page = text_of(client.get("/deputy/proposals/new/"))
    assert "暂停执行代表职务" in page
    assert "开始写" not in page
    assert client.post("/deputy/proposals/new/", {"origin": "own"}).status_code == 200
    with county.within():
        assert Proposal.objects.count() == 1
    assert "写建议" not in text_of(client.get("/deputy/proposals/"))


def begin(client, county, **given):
    typed = {"term": str(county.term.pk), "kind": "proposal", "origin": "own"} | given
    return client.post("/deputy/proposals/new/", typed)


def test_a_proposal_is_begun_written_checked_and_submitted(at, county, me):
    with county.within():
        walking.past_session(county)
    client = at(me)
    response = begin(client, county)
    with county.within():
        proposal = Proposal.objects.get()
    assert response.url == address(proposal, "edit/")
    assert "核实与调研情况" in text_of(client.get(response.url))
    response = client.post(address(proposal, "edit/"), {**TEXT, "version": 1, "then_check": "1"})
    assert response.url == address(proposal, "check/")
    page = text_of(client.get(response.url))
    assert "没有发现需要修改的地方" in page
    response = client.post(address(proposal, "submit/"), {"version": 2})
    assert response.url == address(proposal)
    assert "等人大代表工作机构审查" in text_of(client.get(response.url))
    # A second click changes nothing and leads to the page.
    assert client.post(address(proposal, "submit/"), {"version": 2}).url == address(proposal)
    with county.within():
        assert Proposal.objects.get().state == State.SUBMITTED


def test_a_motion_is_offered_only_while_the_congress_meets(at, county, me):
    client = at(me)
    with county.within():
        walking.past_session(county)
    assert "议案须" not in text_of(client.get("/deputy/proposals/new/"))
    assert "现在不是大会期间" in text_of(client.get("/deputy/proposals/new/"))
    response = begin(client, county, kind="motion")
    assert response.status_code == 422
    assert "只能在大会期间提出" in text_of(response)
    today = timezone.localdate()
    walking.session(county, number=5, starts_on=today, ends_on=today + timedelta(days=2))
    assert "须 10 名以上代表联名" in text_of(client.get("/deputy/proposals/new/"))
    assert begin(client, county, kind="motion").status_code == 302


def test_the_script_keeps_a_draft_and_is_told_of_a_newer_one(at, county, me, stages):
    proposal = stages("draft")
    client = at(me)
    typed = {**TEXT, "version": proposal.version, "title": "关于更换路灯的建议"}
    kept = client.post(address(proposal, "edit/"), typed, headers={"accept": "application/json"})
    assert kept.json()["version"] == proposal.version + 1
    # Another device still holds the former version.
    stale = client.post(
        address(proposal, "edit/"), {**typed, "title": "旧设备"}, headers={"accept": "application/json"}
    )
    assert (stale.status_code, stale.json()["conflict"]) == (409, True)
    page = client.post(address(proposal, "edit/"), {**typed, "title": "旧设备上写的"})
    assert page.status_code == 409
    assert "旧设备上写的" in text_of(page)
    assert "关于更换路灯的建议" in text_of(page)
    assert f'name="version" value="{proposal.version + 1}"' in text_of(page)
    with county.within():
        assert walking.again(proposal).title == "关于更换路灯的建议"


def test_a_reason_still_being_written_does_not_keep_the_text_from_being_kept(at, county, me, stages):
    proposal = stages("draft")
    typed = {
        **TEXT,
        "version": proposal.version,
        "facts": "走访 5 次。",
        "publicity": "redacted",
        "publicity_reason": "",
    }
    client = at(me)
    assert client.post(address(proposal, "edit/"), typed, headers={"accept": "application/json"}).status_code == 200
    with county.within():
        assert (walking.again(proposal).facts, walking.again(proposal).publicity) == ("走访 5 次。", Publicity.FULL)
    page = client.post(address(proposal, "edit/"), {**typed, "version": proposal.version + 1})
    assert page.status_code == 409
    assert "不全文公开的理由" in text_of(page)
    assert "走访 5 次。" in text_of(page)


def test_a_text_that_is_too_long_is_not_cut_and_says_how_long(at, county, me, stages):
    proposal = stages("draft")
    response = at(me).post(address(proposal, "edit/"), {**TEXT, "version": proposal.version, "facts": "水" * 5001})
    assert response.status_code == 409
    assert "最多 5000 字，现在有 5001 字" in text_of(response)
    assert "水" * 5001 in text_of(response)
    with county.within():
        assert walking.again(proposal).facts == TEXT["facts"]


def test_a_finding_is_explained_by_its_words_and_asks_for_a_tick(at, county, me):
    with county.within():
        proposal = walking.drafted(county, text={"facts": "本人的宅基地被占，已起诉，法院受理。"})
    client = at(me)
    page = text_of(client.get(address(proposal, "check/")))
    assert "本人的宅基地" in page
    assert "已看过，仍要提交" in page
    response = client.post(address(proposal, "submit/"), {"version": proposal.version, "seen": ["personal"]})
    assert response.status_code == 409
    assert "诉讼" in text_of(response)
    assert client.post(
        address(proposal, "submit/"), {"version": proposal.version, "seen": ["personal", "litigation"]}
    ).url == address(proposal)


def test_a_proposal_of_opinions_keeps_them_and_refuses_a_forwarded_letter(at, county, me):
    body = "柳林小区北门下雨就积水，老人孩子出门要蹚水，反映多次没有人管。"
    with county.within():
        first, second = ask(county, body=body), ask(county, body="翠湖边路灯不亮。")
    client = at(me)
    assert "转为建议" in text_of(client.get(f"/deputy/opinions/{first.jurisdiction}/{first.pk}/"))
    page = text_of(client.get(f"/deputy/proposals/new/?opinion={first.pk}"))
    assert f'value="{first.pk}" checked' in page
    assert str(second.pk) in page
    assert begin(client, county, origin="opinions").status_code == 422
    stranger = str(uuid.uuid4())
    assert begin(client, county, origin="opinions", opinions=[stranger]).status_code == 422
    response = begin(client, county, origin="opinions", opinions=[str(first.pk), str(second.pk)])
    assert response.status_code == 302
    with county.within():
        proposal = Proposal.objects.get()
        assert proposal.origin == Origin.OPINIONS
        assert proposal.sources.count() == 2
    assert body in text_of(client.get(response.url))
    forwarded = {**TEXT, "facts": body, "cause": body, "request": body, "version": 1}
    client.post(response.url, forwarded)
    page = text_of(client.get(address(proposal, "check/")))
    assert "不能只转递原文" in page
    assert ">提交<" not in page
    assert client.post(address(proposal, "submit/"), {"version": 2}).status_code == 409


def test_an_opinion_that_is_not_among_the_newest_can_still_be_taken_along(at, county, me, monkeypatch):
    monkeypatch.setattr(proposal_writing, "MOST_MATTERS", 1)
    with county.within():
        old, new = ask(county), ask(county, body="翠湖边路灯不亮。")
    client = at(me)
    page = text_of(client.get(f"/deputy/proposals/new/?opinion={old.pk}&opinion=x"))
    assert f'value="{old.pk}" checked' in page
    assert str(new.pk) in page
    assert begin(client, county, origin="opinions", opinions=[str(old.pk)]).status_code == 302


def test_an_opinion_of_another_deputy_cannot_be_taken_along(at, county, people):
    with county.within():
        asked = ask(county)
    client = at(people["colleague"])
    assert f'value="{asked.pk}"' not in text_of(client.get(f"/deputy/proposals/new/?opinion={asked.pk}"))
    assert begin(client, county, origin="opinions", opinions=[str(asked.pk)]).status_code == 422
    assert begin(at(people["lead"]), county, origin="opinions", opinions=[str(asked.pk)]).status_code == 302


def test_files_are_checked_kept_and_taken_out(at, county, me, people, stages):
    proposal = stages("draft")
    client = at(me)
    good = SimpleUploadedFile("报告.pdf", b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF")
    bad = SimpleUploadedFile("x.exe", b"MZ\x90\x00")
    page = text_of(client.post(address(proposal, "files/"), {"files": [good, bad]}, follow=True))
    assert "已添加 1 个附件" in page
    assert "没有收下" in page
    assert "报告.pdf" in page
    with county.within():
        file = attachments_of(proposal).get()
    assert client.get(address(proposal, f"files/{file.pk}/")).status_code == 200
    assert at(people["colleague"]).get(address(proposal, f"files/{file.pk}/")).status_code == 404
    assert client.post(address(proposal, f"files/{file.pk}/remove/")).status_code == 302
    assert "这个附件已经撤下" in text_of(client.post(address(proposal, f"files/{file.pk}/remove/"), follow=True))
    assert client.get(address(proposal, f"files/{file.pk}/")).status_code == 404


def test_deputies_are_found_by_name_pinyin_and_initials(at, county, me, people, stages):
    proposal = stages("draft")
    client = at(me)
    for words, names in [
        ("", {"林静", "陈秀兰"}),
        ("秀", {"陈秀兰"}),
        ("lj", {"林静"}),
        ("chenxiu", {"陈秀兰"}),
        ("zzz", set()),
    ]:
        page = text_of(client.get(address(proposal, f"cosigners/?q={words}")))
        assert {name for name in ("林静", "陈秀兰", "何伟") if name in page} == names
    assert at(people["colleague"]).get(address(proposal, "cosigners/")).status_code == 404


def test_a_lead_invites_reminds_and_removes(at, county, me, people, stages):
    proposal, client, second = stages("draft"), at(me), people["cosigner"].deputy
    assert client.post(address(proposal, "cosigners/"), {}).status_code == 422
    outside = people["elsewhere"].deputy
    response = client.post(address(proposal, "cosigners/"), {"deputies": [str(outside.pk), str(second.pk)]})
    assert response.status_code == 409
    assert "何伟不是本级本届的在任代表" in text_of(response)
    assert client.post(address(proposal, "cosigners/"), {"deputies": [str(second.pk), "x"]}).status_code == 302
    assert "待确认" in text_of(client.get(address(proposal, "cosigners/")))
    assert "已提醒 1 位代表" in text_of(client.post(address(proposal, "cosigners/remind/"), follow=True))
    remove = address(proposal, f"cosigners/{second.pk}/remove/")
    assert "已取消邀请" in text_of(client.post(remove, follow=True))
    assert "已不在名单上" in text_of(client.post(remove, follow=True))
    assert at(people["cosigner"]).get(address(proposal)).status_code == 404


def test_an_invited_deputy_reads_the_whole_text_confirms_and_is_asked_again_with_what_changed(
    at, county, people, stages
):
    proposal = stages("cosigning")
    lead, second = at(people["lead"]), at(people["cosigner"])
    page = text_of(second.get(address(proposal)))
    assert TEXT["request"] in page
    assert "我已看过全文，同意联名" in page
    assert (
        second.post(address(proposal, "confirm/"), {"version": proposal.version, "note": "请补充时间"}).status_code
        == 302
    )
    # A second click changes nothing.
    assert second.post(address(proposal, "confirm/"), {"version": proposal.version}).status_code == 302
    changed = {**TEXT, "version": proposal.version, "cause": TEXT["cause"] + "养护责任不清。"}
    assert lead.post(address(proposal, "edit/"), changed).status_code == 302
    page = text_of(second.get(address(proposal)))
    assert "<ins>养护责任不清。</ins>" in page
    stale = second.post(address(proposal, "confirm/"), {"version": proposal.version})
    assert stale.status_code == 409
    assert "您打开之后内容又有修改" in text_of(stale)
    page = text_of(lead.get(address(proposal, "check/")))
    assert "还有 1 位代表没有确认，提交后不列入联名" in page
    assert second.post(address(proposal, "confirm/"), {"version": proposal.version + 1}).status_code == 302
    assert second.post(address(proposal, "decline/")).status_code == 302
    with county.within():
        assert proposal.cosigners.get().consent == Consent.DECLINED
    assert second.post(address(proposal, "confirm/"), {"version": proposal.version + 1}).status_code == 404


def test_what_waits_for_a_deputy_stands_on_the_front_page(at, county, people, stages):
    stages("cosigning")
    stages("replied")
    page = text_of(at(people["cosigner"]).get("/deputy/"))
    assert "确认联名：" in page
    assert "评价答复：" in page
    with county.within():
        returned = walking.submitted(county, text={"title": "关于更换路灯的建议"})
        checking.return_to_author(returned, reason="请写明数量。", by=county.affairs, at=timezone.now())
    assert "修改建议：关于更换路灯的建议" in text_of(at(people["lead"]).get("/deputy/"))


def grades(reply, *, manner="satisfied", result="satisfied", solved="yes", words=""):
    prefix = f"e{reply.pk.hex}"
    return {
        f"{prefix}-manner": manner, f"{prefix}-result": result, f"{prefix}-is_resolved": solved, f"{prefix}-words_said": words,
    }  # fmt: skip


def test_each_deputy_evaluates_for_themselves_once(at, county, people, stages):
    proposal = stages("replied")
    with county.within():
        reply = walking.last_reply(proposal)
    under = f"replies/{reply.pk}/evaluate/"
    lead, second = at(people["lead"]), at(people["cosigner"])
    page = text_of(lead.get(address(proposal)))
    assert "请评价区水务局的答复" in page
    with county.within():
        assert ReplyCopy.objects.get(deputy=county.deputy).seen_at
        assert not ReplyCopy.objects.get(deputy=people["cosigner"].deputy).seen_at
    refused = lead.post(address(proposal, under), grades(reply, result="dissatisfied"))
    assert refused.status_code == 422
    assert "请写明不满意的原因" in text_of(refused)
    assert lead.post(address(proposal, under), {}).status_code == 422
    assert lead.post(address(proposal, under), grades(reply)).status_code == 302
    again = lead.post(address(proposal, under), grades(reply, result="dissatisfied", words="改主意"))
    assert again.status_code == 409
    assert "您已经评价过这次答复" in text_of(again)
    other = at(people["colleague"]).post(address(proposal, under), grades(reply))
    assert other.status_code == 409
    assert "请评价" in text_of(second.get(address(proposal)))
    with county.within():
        assert reply.evaluations.get().deputy == county.deputy
    assert "请评价区水务局的答复" not in text_of(lead.get(address(proposal)))


def test_an_evaluation_after_the_window_is_refused_with_its_day(at, county, people, stages):
    proposal = stages("replied")
    client = at(people["lead"])
    with county.within():
        reply = walking.last_reply(proposal)
        Proposal.objects.filter(pk=proposal.pk).update(replied_at=timezone.now() - timedelta(days=60))
    page = text_of(client.get(address(proposal)))
    assert "提交评价" not in page
    assert "未评价" in page
    refused = client.post(address(proposal, f"replies/{reply.pk}/evaluate/"), grades(reply))
    assert refused.status_code == 409
    assert "记为“未评价”" in text_of(refused)


def test_who_holds_it_is_never_in_doubt_while_a_unit_objects(at, county, people):
    with county.within():
        proposal = walking.assigned(county)
        units.object_to(walking.part(proposal), reason="不属我局职责。", by=county.handler, at=timezone.now())
    page = text_of(at(people["lead"]).get(address(proposal)))
    assert "区水务局提出异议，等交办单位裁定" in page
    assert "退单 1 次" in page
    assert "不属我局职责。" in page
    assert "退单 1 次" in text_of(at(people["colleague"]).get(address(proposal)))


def test_a_talk_is_confirmed_by_its_own_deputy_once(at, county, people, stages):
    proposal = stages("in_progress")
    with county.within():
        walking.contacted(proposal, county, at=timezone.now() - timedelta(hours=1))
        contact = proposal.contacts.get()
    under = address(proposal, f"contacts/{contact.pk}/")
    client = at(people["lead"])
    assert "与实际不符" in text_of(client.get(address(proposal)))
    assert at(people["cosigner"]).post(under, {"is_so": "yes"}).status_code == 404
    assert client.post(under, {"is_so": "no"}).status_code == 409
    assert client.post(under, {"is_so": "no", f"c{contact.pk.hex}-words": "没有到现场。"}).status_code == 302
    assert "不能再改" in text_of(client.post(under, {"is_so": "yes"}))
    with county.within():
        assert proposal.contacts.get().is_confirmed is False
    assert "沟通记录" not in text_of(at(people["colleague"]).get(address(proposal)))


def test_a_promise_is_confirmed_by_its_deputies(at, county, people):
    with county.within():
        proposal = walking.replied(
            county, outcome=OutcomeClass.PLANNED, promise=("完成改造", timezone.localdate() + timedelta(days=30))
        )
        walking.evaluated(proposal, county.deputy, Grade.SATISFIED, at=timezone.now())
        promise = proposal.promises.get()
    under = address(proposal, f"promises/{promise.pk}/")
    client = at(people["lead"])
    assert "我来确认是否兑现" in text_of(client.get(address(proposal)))
    early = client.post(under, {"is_kept": "no", f"p{promise.pk.hex}-words": "没动工"})
    assert early.status_code == 409
    assert "到期之前不能记为未兑现" in text_of(early)
    assert at(people["colleague"]).post(under, {"is_kept": "yes"}).status_code == 409
    assert client.post(under, {"is_kept": "yes"}).status_code == 302
    assert client.post(under, {"is_kept": "yes"}).status_code == 409
    with county.within():
        assert proposal.promises.get().state == PromiseState.KEPT
        assert walking.again(proposal).state == State.CLOSED


def test_a_deputy_follows_an_accepted_proposal_of_a_colleague(at, county, people, stages):
    proposal = stages("accepted")
    client = at(people["colleague"])
    assert client.post(address(proposal, "note/"), {"text": "还没跟踪"}).status_code == 409
    assert client.post(address(proposal, "follow/")).status_code == 302
    assert client.post(address(proposal, "follow/")).status_code == 302
    assert client.post(address(proposal, "note/"), {"text": ""}).status_code == 422
    assert client.post(address(proposal, "note/"), {"text": "10 月到现场看过。"}).status_code == 302
    assert "10 月到现场看过。" in text_of(client.get(address(proposal)))
    assert address(proposal) in text_of(client.get("/deputy/proposals/?tab=follow"))
    assert "?tab=follow" not in text_of(at(people["cosigner"]).get("/deputy/proposals/"))
    with county.within():
        assert Follow.objects.count() == 1
    assert client.post(address(proposal, "unfollow/")).status_code == 302
    assert client.post(address(proposal, "unfollow/")).status_code == 409


def test_a_proposal_is_taken_back_before_it_is_assigned_and_not_after(at, county, people, stages):
    early, late = stages("accepted"), stages("in_progress")
    client = at(people["lead"])
    assert "撤回建议" in text_of(client.get(address(early)))
    assert client.post(address(early, "withdraw/")).status_code == 302
    assert client.post(address(early, "withdraw/")).status_code == 409
    assert "撤回建议" not in text_of(client.get(address(late)))
    assert client.post(address(late, "withdraw/")).status_code == 409
    with county.within():
        assert [walking.again(each).state for each in (early, late)] == [State.WITHDRAWN, State.IN_PROGRESS]


def test_returned_texts_show_the_reason_and_go_in_again(at, county, people):
    with county.within():
        proposal = walking.submitted(county)
        checking.return_to_author(proposal, reason="请写明涉及户数。", by=county.affairs, at=timezone.now())
    client = at(people["lead"])
    page = text_of(client.get(address(proposal), follow=True))
    assert "请写明涉及户数。" in page
    with county.within():
        version = walking.again(proposal).version
    assert client.post(address(proposal, "submit/"), {"version": version}).url == address(proposal)


def test_merged_deputies_are_led_to_where_it_is_handled(at, county, people):
    with county.within():
        target = walking.accepted(county)
        merged = walking.submitted(county, lead=people["cosigner"].deputy, text={"title": "关于柳林管网的建议"})
        checking.merge(merged, into=target, by=county.affairs, at=timezone.now())
    page = text_of(at(people["cosigner"]).get(address(merged)))
    assert address(target) in page


def test_a_list_asks_the_database_the_same_for_one_row_as_for_many(at, county, me, django_assert_max_num_queries):
    with county.within():
        for n in range(4):
            walking.accepted(county, text={"title": f"关于第 {n} 处积水点的建议"})
    client = at(me)
    client.get("/deputy/proposals/")
    for tab in ("mine", "congress"):
        with django_assert_max_num_queries(28):
            assert client.get(f"/deputy/proposals/?tab={tab}&q=积水").status_code == 200


def test_similar_proposals_stand_beside_the_draft(at, county, me, stages):
    replied = stages("replied")
    draft = stages("draft")
    page = text_of(at(me).get(address(draft, "similar/")))
    assert str(replied.pk) in page
    assert "区水务局的答复" in page
    with county.within():
        other = walking.drafted(county, text={"title": "关于加强校园周边交通秩序管理的建议", "facts": "", "cause": ""})
    assert "还没有发现" in text_of(at(me).get(address(other, "similar/")))


def test_a_motion_with_too_few_signers_is_not_submitted(at, county, me):
    today = timezone.localdate()
    walking.session(county, number=5, starts_on=today, ends_on=today)
    with county.within():
        motion = walking.drafted(county, kind=Kind.MOTION, at=timezone.now())
    page = text_of(at(me).get(address(motion, "check/")))
    assert "议案须有 10 名以上代表联名" in page
    assert at(me).post(address(motion, "submit/"), {"version": motion.version}).status_code == 409
    with county.within():
        assert rules.signers_needed(motion) == 10
