"""What a deputy does on a phone: opens what is asked for today, gives an opinion and signs."""

from tests.journeys.screens import Person


def opine(person: Person, words: str, *, track: str) -> None:
    person.page.locator("main a.btn-primary").first.wait_for()
    person.follow(person.page.locator("main a.btn-primary").first.inner_text().strip(), among="main")
    person.fill("我的意见", words)
    person.pick(track)
    person.press("签名并送街道")
    person.reads("意见已签名送出")
