"""Why a file is not taken. Each says what happened and what to do; the rest of the form is kept by the page."""

from typing import Any

from django.utils.translation import gettext as _


class FileRefused(Exception):
    """Base of all refusals of a file. `str()` is the sentence for the person, `code` is stable."""

    code = "file-refused"

    def __init__(self, **facts: Any) -> None:
        super().__init__(facts)
        self.facts = facts

    def __str__(self) -> str:
        return self.sentence().format(**self.facts)

    def sentence(self) -> str:
        return _("这个文件没有收下，请换一个文件。")


class EmptyFile(FileRefused):
    code = "file-empty"

    def sentence(self) -> str:
        return _("文件「{name}」是空的，没有收下。请重新选择。")


class KindNotAllowed(FileRefused):
    code = "file-kind"

    def sentence(self) -> str:
        return _(
            "文件「{name}」不是图片、PDF、Word、Excel 或录音，没有收下。请拍照，或发 JPG、PNG、PDF、docx、xlsx 文件。"
        )


class NotWhatItSays(FileRefused):
    """The content may be sent, but is of another family than the name says: a recording named .jpg."""

    code = "file-disguised"

    def sentence(self) -> str:
        return _("文件「{name}」的内容与后缀不符，没有收下。请用原来的软件打开确认后再发。")


class TooLarge(FileRefused):
    code = "file-too-large"

    def sentence(self) -> str:
        return _("文件「{name}」有 {size} MB，最多收 {most} MB。请压缩后再发，或分成几个文件。")


class TooManyPixels(FileRefused):
    code = "picture-too-many-pixels"

    def sentence(self) -> str:
        return _(
            "图片「{name}」有 {pixels} 百万像素，最多收 {most} 百万像素。请在手机上选“较小尺寸”再发，或发一张截图。"
        )


class UnreadablePicture(FileRefused):
    code = "picture-unreadable"

    def sentence(self) -> str:
        return _("图片「{name}」打不开，可能没有传完整。请重新拍一张或重新选择。")


class UnreadableDocument(FileRefused):
    code = "document-unreadable"

    def sentence(self) -> str:
        return _("文件「{name}」打不开，可能已损坏。请用原来的软件打开、另存后再发。")


class Encrypted(FileRefused):
    code = "document-encrypted"

    def sentence(self) -> str:
        return _("文件「{name}」加了密码，办理人员打不开。请去掉密码后再发。")


class HoldsMacros(FileRefused):
    code = "document-macros"

    def sentence(self) -> str:
        return _("文件「{name}」带有宏程序，没有收下。请另存为普通的 docx 或 xlsx 后再发。")


class PackedTooTight(FileRefused):
    """A document that unpacks to far more than it should: a zip bomb."""

    code = "document-bomb"

    def sentence(self) -> str:
        return _("文件「{name}」解开后异常地大，为安全起见没有收下。请另存为 PDF 后再发。")


class NotStored(FileRefused):
    """The disk is full or cannot be written. Nothing half-written stays behind."""

    code = "storage-full"

    def sentence(self) -> str:
        return _("存储空间暂时不够，文件「{name}」没有存上，您填写的文字不受影响。请稍后再传，或先不带附件提交。")
