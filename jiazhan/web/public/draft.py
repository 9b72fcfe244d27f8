"""What a person has said so far, carried from step to step in the page itself: sealed, so that nothing lies on our side.

Going back shows it again, a lost session loses nothing, and a visit that ends early leaves no row behind.
"""

import base64
import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from django.utils.translation import gettext as _

from jiazhan.documents.files.staging import Staged
from jiazhan.people import crypto


class DraftUnreadable(Exception):
    """The text is no draft of ours: cut short, altered, or sealed under another key."""

    code = "draft-unreadable"

    def __init__(self) -> None:
        super().__init__(
            _(
                "这个页面放得太久或没有传完整，没有提交成功。请从第一步再来一次；写过的字如果还在这台设备上，会自动填好。"
            )
        )


@dataclass(frozen=True)
class Draft:
    """`seed`, `started_at`, `files`, `ticket` and `is_human` are ours, the rest is as the person typed it.

    `ticket` stands for the code that was sent to the phone; `is_human` holds for exactly these words, see `human`.
    """

    seed: str
    started_at: datetime
    title: str = ""
    body: str = ""
    files: tuple[Staged, ...] = ()
    community: str = ""
    place_note: str = ""
    is_placed: bool = False
    contact: dict[str, str] = field(default_factory=dict)
    via: str = ""
    deputy: str = ""
    ticket: str = ""
    is_human: bool = False

    @property
    def nonce(self) -> str:
        """The same words about the same place are one submission, however often they are sent; other words another one,
        also from a page that was gone back to."""
        said = [self.seed, self.title, self.body, self.community, self.place_note, *(each.key for each in self.files)]
        return hashlib.sha256("\0".join(said).encode()).hexdigest()

    def with_(self, **changes: Any) -> "Draft":
        return replace(self, **changes)


def begin(*, at: datetime, via: str = "", deputy: str = "") -> Draft:
    return Draft(seed=secrets.token_urlsafe(12), started_at=at, via=via, deputy=deputy)


def seal(draft: Draft) -> str:
    """The draft as the value of a hidden field."""
    values = {name: value for name, value in asdict(draft).items() if value not in ("", (), {}, False)}
    values["started_at"] = draft.started_at.isoformat()
    return base64.urlsafe_b64encode(crypto.encrypt(json.dumps(values, ensure_ascii=False))).decode()


def unseal(text: str) -> Draft:
    """The draft of `seal`. Raises DraftUnreadable."""
    try:
        values = json.loads(crypto.decrypt(base64.urlsafe_b64decode(text.encode())))
        values["started_at"] = datetime.fromisoformat(values["started_at"])
        values["files"] = tuple(Staged(**each) for each in values.get("files", ()))
        return Draft(**values)
    except (ValueError, InvalidTag, TypeError, KeyError) as error:
        # The last two: sealed by an earlier release that knew other fields.
        raise DraftUnreadable from error
