"""Two people release a text to the public, and one takes it down: what holds for whatever is published (§11, §14 rule 10).

A publication here is a row with `state`, `reason`, `proposed_by`, `reviewed_by`, `reviewed_at` and `withdrawn_at`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from . import text as texts
from . import words
from .outcomes import PublicationState


class AlreadyProposed(Exception):
    """A page of this matter is proposed or public."""

    code = "already-proposed"

    def __init__(self) -> None:
        super().__init__(_("这件事已有公开页在复核或已公开，请先处理那一份。"))


class SamePerson(Exception):
    """The second pair of eyes is another person's."""

    code = "same-person"

    def __init__(self) -> None:
        super().__init__(_("公开须由另一人复核，请换一位有复核权限的同事。"))


class StillPersonal(Exception):
    """The words still name a person, a number or a door."""

    code = "still-personal"

    def __init__(self, fields: list[str]) -> None:
        self.fields = fields
        super().__init__(
            _("%(fields)s里还有电话、证件号、门牌或姓名，请退回修改后重新提出。") % {"fields": "、".join(fields)}
        )


class NotProposed(Exception):
    """The page is not waiting for its second reader."""

    code = "not-proposed"

    def __init__(self) -> None:
        super().__init__(_("这份公开页不在待复核状态，可能已由他人处理。"))


class NotPublic(Exception):
    """There is no public page to take down."""

    code = "not-public"

    def __init__(self) -> None:
        super().__init__(_("这件事没有公开页，或已经撤下。"))


def require_reviewable(publication: Any, *, by: Any) -> None:
    """Raises NotProposed, and SamePerson for whoever proposed it."""
    if publication.state != PublicationState.PROPOSED:
        raise NotProposed
    if publication.proposed_by_id == by.pk:
        raise SamePerson


def require_clean(said: Mapping[str, str], masked: Mapping[str, str]) -> None:
    """Raises StillPersonal naming the fields whose words differ from what is left of them once they are masked."""
    if personal := [name for name, text in said.items() if masked[name] != text]:
        raise StillPersonal(personal)


def review(publication: Any, state: PublicationState, *, by: Any, at: datetime) -> None:
    """Note what the second person decided, and save it."""
    publication.state, publication.reviewed_by, publication.reviewed_at = state, by, at
    publication.save(update_fields=["state", "reviewed_by", "reviewed_at", "reason"])


def keep_back(publication: Any, *, reason: str, by: Any, at: datetime) -> None:
    """Refuse a page that `require_reviewable` let through. Raises words.WordsMissing, words.WordsTooLong."""
    publication.reason = words.required(texts.clean_line(reason), _("不公开的原因"), limit=200)
    review(publication, PublicationState.REFUSED, by=by, at=at)


def take_down(publication: Any, *, reason: str, at: datetime) -> None:
    """Take a page out of view; the row stays for the marker. Raises NotPublic, words.WordsMissing, words.WordsTooLong."""
    if publication.state != PublicationState.PUBLISHED:
        raise NotPublic
    publication.reason = words.required(texts.clean_line(reason), _("撤下的原因"), limit=200)
    publication.state, publication.withdrawn_at = PublicationState.WITHDRAWN, at
    publication.save(update_fields=["state", "withdrawn_at", "reason"])
