"""Starts and stops the embedded PostgreSQL of one home folder: its data, its socket, its roles."""

import ctypes
import fcntl
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

from jiazhan.config.postgres_programs import (
    Account,
    HomeForeign,
    PostgresRefusal,
    VersionMismatch,
    account_of,
    find,
    major_version,
)

DATABASE = "jiazhan"
OWNER, APP, SEARCH, SUPERUSER = "jiazhan_owner", "jiazhan_app", "jiazhan_search", "postgres"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107  # bytes of sun_path without its closing zero

ROLES_SQL = f"""\
CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOBYPASSRLS;
CREATE ROLE {APP} LOGIN NOSUPERUSER NOBYPASSRLS;
CREATE ROLE {SEARCH} NOLOGIN NOSUPERUSER NOBYPASSRLS;
GRANT {SEARCH} TO {OWNER};
CREATE DATABASE {DATABASE} OWNER {OWNER};
"""

# JIT costs more than it gives on short queries. The log quotes no statement and no row: people's words are in them.
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "work_mem": "8MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "synchronous_commit": "on",
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class HomeBusy(PostgresRefusal):
    code = "postgres-home-busy"


class StartFailed(PostgresRefusal):
    code = "postgres-start-failed"


@dataclass
class Server:
    """A running embedded server; `stop()` ends it, and a context manager does so at its end."""

    home: Path
    process: subprocess.Popen[bytes]
    _lock: IO[str] = field(repr=False)

    @property
    def url_app(self) -> str:
        return url(self.home, APP)

    @property
    def url_owner(self) -> str:
        return url(self.home, OWNER)

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything acknowledged is on disk."""
        for sign, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            if self.process.poll() is not None:
                break
            self.process.send_signal(sign)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        folder = _socket_folder(self.home)
        if not folder.is_relative_to(self.home):
            shutil.rmtree(folder, ignore_errors=True)
        self._lock.close()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()


def url(home: Path | str, role: str, database: str = DATABASE) -> str:
    """The address of `database` for `role` on the embedded server of `home`, whether it runs or not."""
    return f"postgresql://{role}@/{database}?host={quote(str(_socket_folder(Path(home).resolve())), safe='')}"


def urls(home: Path | str) -> tuple[str, str]:
    """The addresses for the application role and for the owner."""
    return url(home, APP), url(home, OWNER)


def is_running(home: Path | str) -> bool:
    """Whether the embedded server of `home` accepts connections."""
    status = _pid_file(_place(Path(home).resolve()) / "data")
    return len(status) > 7 and status[7] == "ready" and _alive(int(status[0]))


def start(home: Path | str, *, options: Mapping[str, str] | None = None) -> Server:
    """Start the server of `home`, first making its folder where there is none.

    Call it on the main thread: on Linux the server ends with the thread that started it.
    Raises `HomeBusy` where another process runs it, `VersionMismatch`, `HomeForeign`, `BinariesMissing`, `StartFailed`.
    """
    home = Path(home).resolve()
    place = _place(home)
    place.mkdir(parents=True, exist_ok=True)
    lock = _take_lock(place)
    try:
        account = account_of(place)
        binaries = find(place, account)
        data = place / "data"
        _stop_leftovers(data)
        shutil.rmtree(place / "data.new", ignore_errors=True)
        if not data.exists():
            _create(place, binaries, account)
        _check_version(data, binaries)
        run = _prepare_socket_folder(home, account)
        settings = {**OPTIONS, **_memory(), "unix_socket_directories": str(run), **(options or {})}
        arguments = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
        with _passable(data, account) as (path, descriptors), (place / "start.log").open("wb") as log:
            process = _spawn([binaries / "postgres", "-D", path, *arguments], account, descriptors, log)
    except BaseException:
        lock.close()
        raise
    server = Server(home, process, lock)
    try:
        _wait_until_ready(server, data)
    except BaseException:
        server.stop()
        raise
    return server


@contextmanager
def running(home: Path | str) -> Iterator[None]:
    """Have the server of `home` running for the block: the one that runs, or one started now and stopped at the end.

    One that was started here stops only when no other command uses it any more.
    """
    home = Path(home).resolve()
    server = None
    try:
        server = start(home)
    except HomeBusy:
        _wait_for_other(home)
    try:
        with (_place(home) / "users.lock").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            yield
            if server:
                fcntl.flock(users, fcntl.LOCK_EX)
    finally:
        if server:
            server.stop()


def _memory() -> dict[str, str]:
    """Shares of this machine's memory: an office's box has 2 to 8 GB and serves pages from it too."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "shared_buffers": f"{min(max(total // 8, 128), 1024)}MB",
        "maintenance_work_mem": f"{min(max(total // 32, 64), 512)}MB",
        "effective_cache_size": f"{total // 2}MB",
    }


def _place(home: Path) -> Path:
    return home / "postgres"


def _take_lock(place: Path) -> IO[str]:
    lock = (place / "launcher.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip() or "未知"
        lock.close()
        raise HomeBusy(
            f"{place.parent} 的数据库正由进程 {holder} 使用，请先停止它，或用 --home 另选一个文件夹。"
        ) from None
    lock.seek(0)
    lock.truncate()
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _create(place: Path, binaries: Path, account: Account | None) -> None:
    """Make the data folder with its roles and database, complete or not at all."""
    major = major_version(binaries)
    fresh = place / "data.new"
    fresh.mkdir(mode=0o700)
    if account:
        os.chown(fresh, account.uid, account.gid)
    provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else []
    with _passable(fresh, account) as (path, descriptors):
        initdb = [binaries / "initdb", "-D", path, "-U", SUPERUSER, "--encoding=UTF8", "--locale=C.UTF-8", *provider]
        _run([*initdb, "--data-checksums", "--auth-local=trust", "--auth-host=reject"], account, descriptors, "")
        single = [binaries / "postgres", "--single", "-D", path, "-c", "exit_on_error=on", "postgres"]
        _run(single, account, descriptors, ROLES_SQL)
    fresh.rename(place / "data")


def _check_version(data: Path, binaries: Path) -> None:
    made_by, ours = int((data / "PG_VERSION").read_text()), major_version(binaries)
    if made_by != ours:
        raise VersionMismatch(
            f"{data} 由 PostgreSQL {made_by} 建立，现在的程序是 {ours}:"
            f"请用 JIAZHAN_PG_BIN 指定 {made_by} 的程序，或先用 pg_upgrade 升级数据。"
        )


def _socket_folder(home: Path) -> Path:
    """Inside the home, or under /tmp where its path is too long for a socket or closed to the server's account."""
    inside = _place(home) / "run"
    account = account_of(_place(home))
    is_short = len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_PATH_LIMIT
    if is_short and (account is None or account.can_reach(inside)):
        return inside
    return Path("/tmp") / f"jiazhan-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"


def _prepare_socket_folder(home: Path, account: Account | None) -> Path:
    folder = _socket_folder(home)
    uid, gid = (account.uid, account.gid) if account else (os.geteuid(), os.getegid())
    if not folder.exists():
        folder.mkdir(mode=0o700)
        os.chown(folder, uid, gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or stat.S_IMODE(found.st_mode) != 0o700:
        raise HomeForeign(f"{folder} 不是只属于数据库的文件夹，请删除它后重试。")
    for leftover in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (folder / leftover).unlink(missing_ok=True)
    return folder


@contextmanager
def _passable(data: Path, account: Account | None) -> Iterator[tuple[str, tuple[int, ...]]]:
    """A path under which `account` can open `data`: an inherited descriptor where a folder above it is closed."""
    if account is None or account.can_reach(data):
        yield str(data), ()
        return
    descriptor = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}", (descriptor,)
    finally:
        os.close(descriptor)


def _spawn(
    command: list[str | Path], account: Account | None, descriptors: tuple[int, ...], log: IO[bytes]
) -> subprocess.Popen[bytes]:
    parent = os.getpid()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def end_with_parent() -> None:
        # A launcher killed with -9 takes its server along: fast shutdown, so that the next start finds the way free.
        if libc:
            libc.prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG
            if os.getppid() != parent:
                os._exit(1)

    who = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    return subprocess.Popen(
        command,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        pass_fds=descriptors,
        preexec_fn=end_with_parent,
        umask=0o077,
        **who,
    )


def _run(command: list[str | Path], account: Account | None, descriptors: tuple[int, ...], words: str) -> None:
    who = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    done = subprocess.run(
        command, cwd="/", input=words, capture_output=True, text=True, pass_fds=descriptors, umask=0o077, **who
    )
    if done.returncode:
        reason = _last_words(done.stderr) or _last_words(done.stdout)
        raise StartFailed(f"建立数据库文件夹失败：{reason}")


def _wait_until_ready(server: Server, data: Path) -> None:
    while True:
        status = _pid_file(data)
        if len(status) > 7 and status[0] == str(server.process.pid) and status[7] == "ready":
            return
        if server.process.poll() is not None:
            daily = sorted((data / "log").glob("*.log"), key=lambda file: file.stat().st_mtime)
            logs = [*daily[-1:], _place(server.home) / "start.log"]
            words = "\n".join(log.read_text(errors="replace") for log in logs)
            raise StartFailed(f"数据库没有启动成功：{_last_words(words)}")
        time.sleep(0.01)


def _wait_for_other(home: Path) -> None:
    for _ in range(600):
        if is_running(home):
            return
        time.sleep(0.1)
    raise StartFailed(f"{home} 的数据库由另一个进程启动，但一分钟后仍不能连接，请查看 {_place(home) / 'start.log'}。")


def _pid_file(data: Path) -> list[str]:
    try:
        return [line.strip() for line in (data / "postmaster.pid").read_text().splitlines()]
    except FileNotFoundError:
        return []


def _last_words(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    grave = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "error:", "ERROR"))]
    return (grave or lines or ["没有留下说明"])[-1]


def _stop_leftovers(data: Path) -> None:
    """End what an earlier launcher left here; holding the lock, nobody else is entitled to run on this folder."""
    for sign, patience in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        deadline = time.monotonic() + patience
        leftovers = _servers_on(data)
        postmaster = {int(line) for line in _pid_file(data)[:1]} & leftovers
        # Without their postmaster, backends heed only the harder signals.
        for pid in postmaster or (leftovers if sign != signal.SIGINT else set()):
            with suppress(ProcessLookupError):
                os.kill(pid, sign)
        while leftovers and time.monotonic() < deadline and (postmaster or sign != signal.SIGINT):
            time.sleep(0.05)
            leftovers = _servers_on(data)
        if not leftovers:
            # A number that another program took over since must not pass for a running server.
            (data / "postmaster.pid").unlink(missing_ok=True)
            return


def _servers_on(data: Path) -> set[int]:
    if sys.platform != "linux":
        pids = {int(line) for line in _pid_file(data)[:1]}
        return {pid for pid in pids if "postgres" in _command_of(pid)}
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "comm").read_text().startswith("postgres") and (process / "cwd").readlink() == data:
                found.add(int(process.name))
    return found


def _command_of(pid: int) -> str:
    return subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True).stdout


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
