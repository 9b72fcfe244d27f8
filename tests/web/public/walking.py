"""Walking through the public pages as a browser without scripts does: what a page's form holds is what is sent."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

from django.conf import settings

from jiazhan.web.public.draft import seal, unseal


class _Forms(HTMLParser):
    """The forms of a page: action, method, and the fields as a browser would send them."""

    def __init__(self):
        super().__init__()
        self.forms, self.text = [], []
        self.form = self.area = self.select = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.form = {
                "action": given.get("action", ""),
                "method": given.get("method", "get"),
                "fields": {},
                "id": given.get("id"),
            }
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "input" and given.get("name"):
            kind = given.get("type", "text")
            if kind in {"checkbox", "radio"} and "checked" not in given:
                return
            if kind != "file":
                self.form["fields"][given["name"]] = given.get("value", "")
        elif tag == "textarea":
            self.area = given["name"]
            self.form["fields"][self.area] = ""
        elif tag == "select":
            self.select = given["name"]
            self.form["fields"][self.select] = ""
        elif tag == "option" and self.select and "selected" in given:
            self.form["fields"][self.select] = given.get("value", "")

    def handle_data(self, data):
        self.text.append(data)
        if self.area:
            self.form["fields"][self.area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.form["fields"][self.area] = self.form["fields"][self.area].removeprefix("\n")
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.form = None


def read(page):
    reader = _Forms()
    reader.feed(page.content.decode())
    return reader


def form_to(page, ending):
    """The page's form whose action ends so."""
    return next(form for form in read(page).forms if form["action"].endswith(ending))


def send(client, page, ending, *, to="", is_hurried=False, **typed):
    """Fill in the page's form and press its button, or another button that leads `to` another address.

    Whoever is not hurried has had the page open for a while.
    """
    form = form_to(page, ending)
    action = form["action"].removesuffix(ending) + to if to else form["action"]
    fields = form["fields"] | typed
    if "draft" in fields and not is_hurried:
        draft = unseal(fields["draft"])
        fields["draft"] = seal(draft.with_(started_at=draft.started_at - timedelta(minutes=2)))
    return client.post(action, fields)


def said(page):
    """The words of a page, without its markup."""
    return re.sub(r"\s+", " ", " ".join(read(page).text))


def sms_to(phone):
    """The code in the last text message to a phone (settings.SMS_PORT is the file)."""
    lines = [
        line for file in sorted((Path(settings.HOME) / "sms").glob("*.txt")) for line in file.read_text().splitlines()
    ]
    text = [line for line in lines if f"\t{phone}\t" in line][-1]
    return re.search(r"验证码 (\d{6})", text)[1]
