"""Pictures and a voice message of a form on its way: each checked at once, refused one by one, kept until it is sent."""

from collections.abc import Iterable
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.documents.files import checking, staging
from jiazhan.documents.files.refusals import FileRefused
from jiazhan.documents.files.staging import Staged

MOST_PICTURES = 9


def add(kept: tuple[Staged, ...], pictures: Iterable[UploadedFile], voices: Iterable[UploadedFile], *, at: datetime):
    """The files with the new ones added, and a sentence for each that was not taken. A new voice replaces the old one."""
    files, refusals = list(kept), []
    for sent, is_voice in [*((each, False) for each in pictures), *((each, True) for each in voices)]:
        try:
            checked = checking.check(sent, name=sent.name or "")
            if checked.media_type.startswith("audio/" if is_voice else "image/"):
                if is_voice:
                    files = [each for each in files if not is_recording(each)]
                elif sum(each.is_picture for each in files) >= MOST_PICTURES:
                    refusals.append(_("照片最多 %(most)s 张，多出的没有加入。") % {"most": MOST_PICTURES})
                    continue
                files.append(staging.put(checked, on=timezone.localdate(at)))
            elif is_voice:
                refusals.append(_("「%(name)s」不是录音，没有收下。请选手机录的音频文件。") % {"name": checked.name})
            else:
                refusals.append(_("「%(name)s」不是照片，没有收下。请拍照或从相册里选。") % {"name": checked.name})
        except FileRefused as refusal:
            refusals.append(str(refusal))
    return tuple(files), list(dict.fromkeys(refusals))


def is_recording(file: Staged) -> bool:
    return file.media_type.startswith("audio/")


def without(files: tuple[Staged, ...], key: str) -> tuple[Staged, ...]:
    return tuple(each for each in files if each.key != key)
