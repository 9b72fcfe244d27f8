"""Where files lie: under the hash of their content in a folder of their jurisdiction, in whatever Django's storage is.

On a disk nothing half-written is ever seen, whatever is killed or full.
"""

import errno
import hashlib
import os
import tempfile
from pathlib import Path
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage

from .refusals import NotStored

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO, errno.EPERM}
_PIECE = 1024 * 1024


class DurableFileSystemStorage(FileSystemStorage):
    """Writes beside the final name, to the disk for good, then renames; a name is the hash, so it is never altered."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: "File[Any]") -> str:
        final = Path(self.path(name))
        final.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(prefix=".unfinished-", dir=final.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                for piece in content.chunks(_PIECE):
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            os.chmod(unfinished, self.file_permissions_mode or 0o640)
            os.replace(unfinished, final)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
        _sync_folder(final.parent)
        return name


def put(content: IO[bytes], *, jurisdiction: str, name: str) -> str:
    """Keep the content and return its SHA-256; what is there already is not written again.

    Raises NotStored where there is no room; `name` is for its sentence.
    """
    digest = sha256(content)
    try:
        if not default_storage.exists(path_of(digest, jurisdiction=jurisdiction)):
            default_storage.save(path_of(digest, jurisdiction=jurisdiction), File(content))
    except OSError as error:
        if error.errno in NO_ROOM:
            raise NotStored(name=name) from error
        raise
    return digest


def erase(digest: str, *, jurisdiction: str) -> None:
    """Delete a content for good; one that is gone already stays so. Whether anybody needs it is the caller's check."""
    default_storage.delete(path_of(digest, jurisdiction=jurisdiction))


def path_of(digest: str, *, jurisdiction: str) -> str:
    """The path in the storage. Each jurisdiction has its own, so that none can tell what another keeps."""
    return f"{jurisdiction}/{digest[:2]}/{digest}"


def sha256(content: IO[bytes]) -> str:
    """The hash of the whole content, read in pieces; leaves it at its start."""
    digest = hashlib.sha256()
    content.seek(0)
    while piece := content.read(_PIECE):
        digest.update(piece)
    content.seek(0)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
