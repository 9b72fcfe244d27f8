"""What a resident does: scan, say it in three steps, follow it by its code, rate."""

from tests.journeys.screens import Person

BODY = "柳林小区北门一下雨就积水，雨水井堵了半个月没人清掏。老人孩子出门要蹚水，希望尽快疏通。"
TITLE = "柳林小区北门一下雨就积水"


def scan(person: Person, code) -> None:
    person.visit(f"/c/{code.jurisdiction}/{code.token}/")


def say(person: Person, *, picture=None) -> None:
    """The first two steps: the words with a picture, the place as the scanned code suggests it."""
    person.follow("我要反映", among="main")
    person.fill("您想说的", BODY)
    if picture:
        person.page.set_input_files("#id_pictures", picture)
    person.press("下一步")
    person.fill("具体位置", "小区北门外")
    person.press("下一步")


def send_named(person: Person, *, name: str, phone: str, last_code) -> str:
    """The third step with a name and a phone, whose code is typed in. Returns the code to follow the matter."""
    person.pick("留下姓名和电话")
    person.fill("您的姓名", name)
    person.fill("手机号", phone)
    person.press("提交")
    person.fill("短信验证码", last_code())
    person.press("核对并提交")
    return follow_code(person)


def send_anonymously(person: Person) -> str:
    person.pick("匿名")
    person.press("提交")
    return follow_code(person)


def follow_code(person: Person) -> str:
    person.reads("已经收到，谢谢您", "接下来会怎样")
    return person.page.locator(".digits").inner_text()


def look_up(person: Person, code: str) -> None:
    person.visit("/")
    person.follow("查进度")
    person.fill("查询码", code)
    person.press("查看")


def rate(person: Person, grade: str, words: str = "") -> None:
    person.pick(grade)
    person.fill("哪里不满意", words)
    person.press("提交评价")
