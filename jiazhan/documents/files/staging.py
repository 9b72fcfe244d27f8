"""Files of a form that is not sent yet: checked and drawn anew, kept under a random name, gone after two days."""

import io
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from .checking import Checked
from .refusals import FileRefused, NotStored
from .storage import NO_ROOM

FOLDER = "staged"
KEPT_DAYS = 2


@dataclass(frozen=True)
class Staged:
    """What a form carries of a file between its steps; whoever hands it back must have sealed it."""

    key: str
    name: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None

    @property
    def is_picture(self) -> bool:
        return self.width is not None


class StagedGone(FileRefused):
    """The form was left for days, and its files were swept."""

    code = "file-staged-gone"

    def sentence(self) -> str:
        return _("「{name}」添加后放得太久，已经清掉了。请重新添加一次。")


def put(checked: Checked, *, on: date) -> Staged:
    """Keep a checked file until its form is sent. Raises NotStored where the disk is full."""
    key = f"{on:%Y%m%d}/{secrets.token_hex(16)}"
    try:
        checked.content.seek(0)
        default_storage.save(f"{FOLDER}/{key}", File(checked.content))
        if checked.thumbnail:
            default_storage.save(f"{FOLDER}/{key}.small", File(io.BytesIO(checked.thumbnail)))
    except OSError as error:
        if error.errno in NO_ROOM:
            raise NotStored(name=checked.name) from error
        raise
    return Staged(key, checked.name, checked.media_type, checked.size, checked.width, checked.height)


def checked(staged: Staged) -> Checked:
    """The file as it was checked, to be attached. Raises StagedGone."""
    content = io.BytesIO(_read(staged, ""))
    thumbnail = thumbnail_of(staged) if staged.is_picture else b""
    return Checked(
        content, staged.media_type, staged.name, staged.size, staged.width, staged.height, thumbnail
    )  # fmt: skip


def thumbnail_of(staged: Staged) -> bytes:
    """The small picture. Raises StagedGone, also for what is no picture."""
    return _read(staged, ".small")


def discard(staged: Staged) -> None:
    """Remove what is not needed any more; what is gone already stays so."""
    for suffix in ("", ".small") if staged.is_picture else ("",):
        default_storage.delete(f"{FOLDER}/{staged.key}{suffix}")


def sweep(*, on: date) -> int:
    """Remove what was staged more than two days before; returns how many days' folders went."""
    oldest = f"{on - timedelta(days=KEPT_DAYS):%Y%m%d}"
    try:
        days = [day for day in default_storage.listdir(FOLDER)[0] if day < oldest]
    except FileNotFoundError:
        return 0
    for day in days:
        for name in default_storage.listdir(f"{FOLDER}/{day}")[1]:
            default_storage.delete(f"{FOLDER}/{day}/{name}")
        # Another sweeper may have been quicker.
        with suppress(FileNotFoundError):
            default_storage.delete(f"{FOLDER}/{day}")
    return len(days)


def _read(staged: Staged, suffix: str) -> bytes:
    try:
        with default_storage.open(f"{FOLDER}/{staged.key}{suffix}") as file:
            return file.read()
    except OSError as error:
        raise StagedGone(name=staged.name) from error
