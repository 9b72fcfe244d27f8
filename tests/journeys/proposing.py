"""What deputies, the congress's desk and units do with a proposal, by the words on their pages."""

import re
from datetime import date, timedelta

from django.utils import timezone
from playwright.sync_api import Locator

from tests.browser import follow
from tests.journeys.screens import Person

TITLE = "关于加快柳林小区周边排水管网改造的建议"
FACTS = "今年七月走访柳林社区三次，雨后积水十二处，涉及居民 860 户，近两年报修 47 次。"
CAUSE = "管网建于 1998 年，管径偏小，与新建道路标高不一致，养护责任不清。"
REQUEST = "一是将柳林片区列入明年管网改造计划；二是雨季前完成清淤；三是公布责任单位和电话。"


def write(person: Person) -> None:
    """From the deputy's first page to a saved text."""
    person.visit("/deputy/")
    person.follow("建议", among="nav")
    person.follow("写建议", among="main")
    person.press("开始写")
    fill_text(person, request=REQUEST)
    person.press("保存")
    person.reads("已保存")


def fill_text(person: Person, *, request: str) -> None:
    for label, words in (("标题", TITLE), ("核实与调研情况", FACTS), ("问题成因", CAUSE), ("具体建议", request)):
        person.fill(label, words)


def invite(person: Person, *names: str) -> None:
    person.follow("邀请和查看", among="main")
    for name in names:
        person.pick(name)
    person.press("邀请选中的代表")
    person.reads(f"已邀请 {len(names)} 位代表")


def cosign(person: Person) -> None:
    """Another deputy reads the whole text and signs it."""
    person.visit("/deputy/")
    person.follow("建议", among="nav")
    person.follow("待确认", among="main nav")
    person.follow(TITLE, among="main")
    person.reads(FACTS, CAUSE, REQUEST)
    person.press("我已看过全文，同意联名")
    person.reads("已确认联名")


def submit(person: Person, *signers: str) -> None:
    """Through the check before."""
    open_own(person)
    person.reads(f"已确认 {len(signers)} 位")
    person.press("检查并提交")
    person.reads("没有发现需要修改的地方", *signers)
    person.press("提交")
    person.reads("已提交，由人大代表工作机构审查")


def open_own(person: Person, tab: str = "领衔") -> None:
    person.visit("/deputy/")
    person.follow("建议", among="nav")
    person.follow(tab, among="main nav")
    person.follow(TITLE, among="main")


def open_at_desk(person: Person) -> None:
    """The congress's desk finds it among all."""
    person.visit("/office/")
    person.follow("建议议案", among="nav")
    person.follow("全部", among="main nav")
    person.follow(TITLE, among="main")


def open_at_unit(person: Person, tab: str = "", *, called: str = TITLE) -> None:
    """A unit finds it on the tab that opens by itself, or what is `called` so on the one named."""
    person.visit("/department/")
    person.follow("代表建议", among="nav")
    if tab:
        person.follow(tab, among="main nav")
    person.follow(called, among="main")


def receive(person: Person) -> None:
    person.press("签收")
    person.reads("已签收，代表和交办单位会收到通知")


def object_to(person: Person, reason: str, *, proposed: str) -> None:
    person.page.locator("summary", has_text="提出异议").click()
    person.fill("异议理由", reason)
    person.choose("建议由哪个单位承办", proposed)
    person.press("提出异议")
    person.reads("异议已提出，交办单位裁定后会通知您")


def name_handler(person: Person, name: str) -> None:
    person.choose("经办人", name)
    person.press("确定")
    person.reads("经办人已确定")


def log_contact(person: Person, *deputies: str, summary: str) -> None:
    for name in deputies:
        person.pick(name)
    person.choose("方式", "现场调研")
    person.fill("时间", timezone.localtime(timezone.now() - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M"))
    person.fill("参加人员", "赵经办、局排水科负责人")
    person.fill("沟通情况", summary)
    person.press("登记")
    person.reads("沟通情况已登记", summary)


def assist(person: Person, words: str) -> None:
    person.fill("协办意见", words)
    person.press("送审")
    person.reads("已送审，请负责人签发")


def reply(person: Person, body: str, *, outcome: str, promise: tuple[str, date] | None = None) -> None:
    person.fill("答复内容", body)
    person.pick(outcome)
    if promise:
        person.fill("承诺事项", promise[0])
        person.fill("完成日期", promise[1].isoformat())
    person.fill("联系人及电话", "王科长 010-66668888")
    person.choose("复文公开意见", "全文公开")
    person.press("送审")
    person.reads("已送审，请负责人签发")


def sign(person: Person) -> None:
    person.unfold("签发")
    person.press("确认签发")
    person.reads("已签发")


def evaluate(person: Person, result: str, *, of: str = "", words: str = "", is_resolved: bool) -> None:
    """Two questions, and whether it is solved; by the deputy for themselves, of the reply whose card holds `of`."""
    card = person.page.locator("form[action$='/evaluate/']")
    if of:
        card = person.page.locator("section").filter(has_text=of).locator("form[action$='/evaluate/']")
    grades = {"对办理态度": "满意", "对办理结果": result, "问题解决了吗": "已经解决" if is_resolved else "还没有解决"}
    for group, label in grades.items():
        fields = card.locator("fieldset").filter(has_text=group)
        fields.locator("label").filter(has_text=re.compile(rf"^\s*{label}")).click()
    card.get_by_label(re.compile(r"^\s*意见")).fill(words)
    follow(person.page, card.get_by_role("button", name="提交评价"))
    person.eye.look(person.page)
    person.reads("已记下您的评价")


def explain(person: Person, promise: str, words: str) -> None:
    """The unit says what was done about a promise."""
    item = _item(person, promise)
    item.locator("summary", has_text="说明落实情况").click()
    person.fill("落实情况", words)
    person.press("提交说明")
    person.reads("落实情况已记下", words)


def keep(person: Person, promise: str) -> None:
    """A deputy says that it was kept."""
    _item(person, promise).locator("summary", has_text="我来确认是否兑现").click()
    person.press("已兑现")
    person.reads("已兑现")


def _item(person: Person, promise: str) -> Locator:
    return person.page.locator("#promises li").filter(has_text=promise)
