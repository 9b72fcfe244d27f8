"""Fingerprints of what a home is prepared from, so that a second start skips what has not changed."""

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
# Libraries that bring tables or static files of their own.
LIBRARIES = ("django", "django-allauth", "procrastinate", "whitenoise")


def migrations_fingerprint() -> str:
    """Changes with every migration, ours and the libraries', and with the DDL that our backend writes."""
    sources = [*PACKAGE.glob("*/migrations/*.py"), *PACKAGE.glob("kernel/postgresql/*.py")]
    return _fingerprint(sources)


def static_fingerprint() -> str:
    """Changes with every static file that pages load."""
    return _fingerprint(path for path in PACKAGE.glob("web/*/static/**/*") if path.is_file())


def _fingerprint(sources: Iterable[Path]) -> str:
    digest = hashlib.sha256(" ".join(version(library) for library in LIBRARIES).encode())
    for source in sorted(sources):
        digest.update(str(source.relative_to(PACKAGE)).encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
