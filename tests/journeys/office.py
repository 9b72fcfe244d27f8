"""What people at a desk of the congress or the government do with a matter: find it, open it, take a step."""

from tests.journeys.screens import Person


def open_matter(person: Person, title: str) -> None:
    """From the first page to a matter that waits there."""
    person.visit("/office/")
    person.follow(title, among="main")


def find_matter(person: Person, title: str) -> None:
    """Through the list and its search."""
    person.visit("/office/")
    person.follow("意见", among="nav")
    person.fill("搜索标题、内容或编号", title)
    person.press("查找")
    person.follow(title, among="main")


def take(
    person: Person, act: str, *, words: dict[str, str] | None = None, choices: dict[str, str] | None = None
) -> None:
    """Take a step that asks for something, given by the labels of its fields."""
    person.unfold(act)
    for label, option in (choices or {}).items():
        person.choose(label, option)
    for label, text in (words or {}).items():
        person.fill(label, text)
    person.press(f"确定：{act}")
