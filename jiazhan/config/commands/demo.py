"""`jiazhan demo load`: the fictional county, made by the same services that people use."""

import click

from jiazhan.config.commands.surroundings import database_running, django_ready, in_home, progress_bar


@click.group()
def demo() -> None:
    """演示数据。"""


@demo.command()
@in_home
def load() -> None:
    """装入虚构的云溪区：站点、代表、部门和一年的意见。"""
    with database_running():
        from jiazhan.config import demo as county

        with progress_bar("正在装入演示数据") as progress:
            done = county.load(progress=progress)
    click.echo(done or "演示数据已装入。")


@demo.command()
@in_home
def code() -> None:
    """显示演示账号第二步验证此刻的六位数字。"""
    with django_ready():
        from jiazhan.config import demo as county

        click.echo(county.code_now())
