"""What commands stand in: the home folder, Django, a running database, refusals told in one plain sentence."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import click

Progress = Callable[[int, int], None]


class Refused(click.ClickException):
    """The command cannot do it; the sentence alone is shown."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True, file=file)


def _choose_home(context: click.Context, parameter: click.Parameter, value: Path | None) -> None:
    if value:
        os.environ["JIAZHAN_HOME"] = str(value.resolve())


in_home = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    callback=_choose_home,
    is_eager=True,
    expose_value=False,
    help="存放全部数据的文件夹（默认 var/）。",
)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what a person can mend into its sentence and exit code 1; anything else is a fault and keeps its trace."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError, ProgrammingError

    from jiazhan.config.postgres import PostgresRefusal

    try:
        yield
    except (PostgresRefusal, ImproperlyConfigured) as refusal:
        raise Refused(str(refusal)) from refusal
    except OperationalError as failure:
        raise Refused(f"数据库连不上，请检查它是否在运行：{str(failure).splitlines()[0]}") from failure
    except ProgrammingError as failure:
        if getattr(failure.__cause__, "sqlstate", "") != "42P01":  # undefined_table
            raise
        raise Refused("数据库里还没有家站的表，请先运行 jiazhan migrate。") from failure
    except Exception as refusal:
        if not isinstance(getattr(refusal, "code", None), str):
            raise
        raise Refused(str(refusal)) from refusal


@contextmanager
def django_ready() -> Iterator[None]:
    """Django set up, with refusals told in one sentence."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiazhan.config.settings")
    with refusals():
        django.setup()
        yield


@contextmanager
def database_running() -> Iterator[None]:
    """Django set up and its database there: the embedded one is started for the block where it does not run."""
    with django_ready():
        from django.conf import settings
        from django.db import connections

        from jiazhan.config import postgres

        if not settings.IS_EMBEDDED:
            yield
            return
        with postgres.running(settings.HOME):
            try:
                yield
            finally:
                connections.close_all()


def progress_bar(words: str) -> AbstractContextManager[Progress]:
    """A bar on the terminal, moved by calling what it yields with (done, total); plain lines where there is none."""
    return _progress_bar(words)


@contextmanager
def _progress_bar(words: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain_lines(words)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=console) as bar:
        task = bar.add_task(words, total=None)

        def move(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield move


def _plain_lines(words: str) -> Progress:
    click.echo(f"{words}……", err=True)
    told = 0

    def move(done: int, total: int) -> None:
        nonlocal told
        tenth = done * 10 // total if total else 0
        if tenth > told:
            told = tenth
            click.echo(f"{words}:{tenth * 10}%", err=True)

    return move
