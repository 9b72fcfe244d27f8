"""What a handling unit does: receives, objects, names a handler, drafts a reply, signs it."""

from datetime import date

from tests.journeys.screens import Person


def open_matter(person: Person, title: str) -> None:
    person.visit("/department/")
    person.follow(title, among="main")


def receive(person: Person) -> None:
    person.press("签收")
    person.reads("已签收，办理期限开始计算")


def object_to(person: Person, reason: str, *, proposed: str) -> None:
    person.page.locator("summary", has_text="提出异议").click()
    person.fill("异议理由", reason)
    person.choose("建议由哪个单位承办", proposed)
    person.press("提出异议")
    person.reads("已提出异议，等待裁定")


def name_handler(person: Person, name: str) -> None:
    person.choose("经办人", name)
    person.press("确定")
    person.reads("经办人已确定")


def draft_and_submit(person: Person, body: str, *, outcome: str, promise: tuple[str, date] | None = None) -> None:
    person.fill("答复内容", body)
    person.pick(outcome)
    if promise:
        person.fill("承诺事项", promise[0])
        person.fill("完成日期", promise[1].isoformat())
    person.fill("联系人及电话", "王科长 010-66668888")
    person.press("送审")
    person.reads("已送审，请负责人签发")


def sign(person: Person) -> None:
    person.unfold("签发")
    person.press("确认签发")
    person.reads("答复已签发")
