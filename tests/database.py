"""The database of a test run: one embedded server for each run, on a copy of a migrated one kept between runs."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from jiazhan.config import postgres
from tests.settings import BASE

ROOT = Path(__file__).resolve().parent.parent
KEPT = 4
# A test's data need not survive a power cut.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "logging_collector": "off"}


class MigrationsFailed(Exception):
    """The template could not be migrated; carries what the command said."""


def start(home: Path) -> postgres.Server:
    """Start the server of `home` on a copy of the migrated database. Raises `MigrationsFailed`."""
    migrated(home)
    return postgres.start(home, options=FAST)


def migrated(home: Path) -> None:
    """Give `home` the migrated database, as `jiazhan migrate` leaves it. Raises `MigrationsFailed`."""
    with _locked():
        cache = BASE / f"template-{_fingerprint()}"
        if not cache.exists():
            _build(cache)
        cache.touch()
        (home / "postgres").mkdir(mode=0o711, parents=True)
        subprocess.run(["cp", "-a", cache / "postgres" / "data", home / "postgres" / "data"], check=True)
        _forget_oldest()


def create(home: Path, name: str) -> None:
    """Give `name` the content of the migrated database, whatever it held before."""
    with psycopg.connect(postgres.url(home, postgres.SUPERUSER, "postgres"), autocommit=True) as connection:
        database, template = sql.Identifier(name), sql.Identifier(postgres.DATABASE)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        copy = "CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY FILE_COPY"
        connection.execute(sql.SQL(copy).format(database, template, sql.Identifier(postgres.OWNER)))


@contextmanager
def _locked() -> Iterator[None]:
    with (BASE / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fingerprint() -> str:
    """Changes with everything that the migrated database is made from."""
    package = ROOT / "jiazhan"
    sources = [ROOT / "uv.lock", package / "config" / "settings.py", package / "config" / "postgres.py"]
    sources += sorted(package.glob("**/migrations/*.py")) + sorted(package.glob("kernel/**/*.py"))
    digest = hashlib.sha256(os.environ.get("JIAZHAN_PG_BIN", "").encode())
    for source in sources:
        digest.update(str(source.relative_to(ROOT)).encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:16]


def _build(cache: Path) -> None:
    home = BASE / f"run-{os.getpid()}" / "template"
    home.mkdir(mode=0o711, parents=True)
    command = [sys.executable, "-m", "jiazhan.config.cli", "migrate", "--home", str(home)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "jiazhan.config.settings"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise MigrationsFailed(done.stdout + done.stderr)
    home.rename(cache)


def _forget_oldest() -> None:
    newest_first = sorted(BASE.glob("template-*"), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for old in newest_first[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
