"""Settings of the tests: the real ones in a throw-away home, with a quick password hash and unhashed static files."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

BASE = Path(tempfile.gettempdir()).resolve() / f"jiazhan-tests-{os.geteuid()}"


def _make_home() -> Path:
    """One folder for each run; what a killed run left behind goes first."""
    # Not 0700: as root, PostgreSQL runs as another account and must get through.
    BASE.mkdir(mode=0o711, exist_ok=True)
    if BASE.stat().st_uid != os.geteuid():
        raise SystemExit(f"{BASE} belongs to somebody else; remove it and run the tests again.")
    for leftover in BASE.glob("run-*"):
        try:
            os.kill(int(leftover.name.removeprefix("run-")), 0)
        except ProcessLookupError:
            shutil.rmtree(leftover, ignore_errors=True)
        except PermissionError:
            continue
    home = BASE / f"run-{os.getpid()}"
    with suppress(FileExistsError):
        home.mkdir(mode=0o711)
    return home


if "PYTEST_XDIST_WORKER" not in os.environ:
    for variable in [name for name in os.environ if name.startswith(("JIAZHAN_", "DATABASE_"))]:
        if variable not in {"JIAZHAN_PG_BIN", "JIAZHAN_CHROMIUM"}:
            del os.environ[variable]
    os.environ["JIAZHAN_HOME"] = str(_make_home())

from jiazhan.config.settings import *  # noqa: E402, F403

DATABASES["default"] |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}  # noqa: F405
DATABASES["owner"] |= {"TEST": {}, "CONN_HEALTH_CHECKS": False}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "jiazhan.documents.files.storage.DurableFileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# WhiteNoise warns where there is no folder to serve from.
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
