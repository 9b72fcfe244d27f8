"""`jiazhan regions import` and `jiazhan opinions import`: files that offices and ministries already have."""

from pathlib import Path

import click

from jiazhan.config.commands.surroundings import Refused, database_running, in_home, progress_bar

a_file = click.argument("path", type=click.Path(path_type=Path))


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise Refused(f"找不到文件 {path}，请检查路径。")
    return path


@click.group()
def regions() -> None:
    """行政区划。"""


@regions.command("import")
@a_file
@click.option("--covers", metavar="CODE,…", help="这份表完整覆盖的范围（代码前缀）；不写则按表的内容推断。")
@in_home
def import_regions(path: Path, covers: str | None) -> None:
    """导入区划表（CSV 或 .csv.gz:code、name、parent）；再次导入同一份不会改动。

    改名的留下曾用名，表里没有了的停用，从不删除。停用只限于表覆盖的范围：从最上一级往下，到第一个列出多个下级的区划为止，最深到区县；
    所以只有一个区县的表不会停用别处的区划，没有社区的表不会停用社区。
    """
    _existing(path)
    with database_running():
        from django.utils import timezone

        from jiazhan.places.services import regions as service

        with progress_bar("正在导入区划") as progress:
            prefixes = [prefix.strip() for prefix in covers.split(",")] if covers else None
            result = service.import_regions(path, at=timezone.now(), progress=progress, covers=prefixes)
    click.echo(str(result))


@click.group()
def opinions() -> None:
    """群众意见。"""


@opinions.command("import")
@a_file
@click.option("--station", required=True, metavar="CODE", help="意见归入的站点编号。")
@in_home
def import_opinions(path: Path, station: str) -> None:
    """导入意见表（CSV、.csv.gz 或 .xlsx）；坏行报出行号和原因，其余照收，再次导入不会重复。"""
    _existing(path)
    with database_running():
        from django.utils import timezone

        from jiazhan.opinions.services import importing

        with progress_bar("正在导入意见") as progress:
            result = importing.import_opinions(path, station=station, at=timezone.now(), progress=progress)
    click.echo(str(result))
