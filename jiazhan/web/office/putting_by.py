"""A file between its preview and the word to take it: put by encrypted, handed back only to whoever chose it."""

import base64
import io

from django.core import signing
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.documents.files import staging
from jiazhan.documents.files.checking import Checked
from jiazhan.people import crypto

KEPT_SECONDS = 24 * 3600


class FileGone(Exception):
    """The previewed file was left too long, or is somebody else's."""

    code = "table-gone"

    def __init__(self) -> None:
        super().__init__(_("预览放得太久了，请重新选择文件。没有导入任何内容。"))


def keep(request: HttpRequest, content: bytes, name: str, *, seal: str) -> str:
    """Put the file by until it is confirmed, encrypted: it may hold phone numbers. Returns what the form hands back."""
    hidden = crypto.encrypt(base64.b85encode(content).decode())
    checked = Checked(io.BytesIO(hidden), "application/octet-stream", name, len(hidden))
    staged = staging.put(checked, on=timezone.localdate())
    return signing.dumps({"key": staged.key, "name": name, "by": str(request.user.pk)}, salt=seal)


def kept(request: HttpRequest, *, seal: str) -> tuple[bytes, str]:
    """The file and its name. Raises FileGone."""
    try:
        sealed = signing.loads(request.POST.get("file", ""), salt=seal, max_age=KEPT_SECONDS)
        if sealed["by"] != str(request.user.pk):
            raise FileGone
        found = staging.checked(staging.Staged(sealed["key"], sealed["name"], "application/octet-stream", 0))
    except (signing.BadSignature, staging.StagedGone) as gone:
        raise FileGone from gone
    return base64.b85decode(crypto.decrypt(found.content.read())), sealed["name"]
