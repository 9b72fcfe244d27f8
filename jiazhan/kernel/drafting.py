"""What a unit is refused while it drafts, submits and signs a written answer: one wording for every kind of matter."""

import re
from datetime import date
from typing import Any, Protocol

from django.utils.translation import gettext as _

_MOBILE = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")


class Drafted(Protocol):
    """An answer as it is being written."""

    body: str
    outcome: str
    promise_text: str
    promise_on: date | None
    contact: str


class ReplyChanged(Exception):
    """Somebody else saved the reply in the meantime. `theirs` is the reply as it stands; nothing of either text is lost."""

    code = "reply-changed"

    def __init__(self, theirs: Any) -> None:
        self.theirs = theirs
        super().__init__(
            _("%(name)s刚刚修改了这份答复。您写的内容还在，请对照现在的内容，改好后再保存。")
            % {"name": theirs.drafted_by.name}
        )


class ReplyIncomplete(Exception):
    """The reply lacks what a signed one must hold."""

    code = "reply-incomplete"

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__(_("答复还缺：%(missing)s。补齐后再提交。") % {"missing": "、".join(missing)})


class PromiseIncomplete(Exception):
    """A promise without its date, or a date without a promise."""

    code = "promise-incomplete"

    def __init__(self) -> None:
        super().__init__(_("承诺事项和完成日期要么都填，要么都不填。"))


class PromiseInPast(Exception):
    """A promise whose day is not to come."""

    code = "promise-in-past"

    def __init__(self) -> None:
        super().__init__(_("承诺完成日期应晚于今天，请改后再提交。"))


class NotSubmitted(Exception):
    """The reply waits neither for a signature nor for a correction."""

    code = "not-submitted"

    def __init__(self) -> None:
        super().__init__(_("这份答复还没有送审，请先由经办人送审。"))


class Submitted(Exception):
    """The reply lies with the head; its drafter may not change it meanwhile."""

    code = "submitted"

    def __init__(self) -> None:
        super().__init__(_("这份答复已经送审，负责人签发或退回之前不能修改。"))


class PrivatePhone(Exception):
    """An answer that goes out with somebody's mobile number in it (handbook §11)."""

    code = "private-phone"

    def __init__(self) -> None:
        super().__init__(_("答复里写有手机号码，请改成办公电话后再提交。"))


def require_promise(draft: Drafted, *, today: date) -> None:
    """Raises PromiseIncomplete, PromiseInPast."""
    if bool(draft.promise_text) != bool(draft.promise_on):
        raise PromiseIncomplete
    if draft.promise_on and draft.promise_on <= today:
        raise PromiseInPast


def require_no_private_phone(draft: Drafted) -> None:
    """Raises PrivatePhone."""
    if any(_MOBILE.search(text) for text in (draft.body, draft.promise_text, draft.contact)):
        raise PrivatePhone
