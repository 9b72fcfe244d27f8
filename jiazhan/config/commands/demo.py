"""`jiazhan demo load`: the fictional county, made by the same services that people use."""

import click

from jiazhan.config.commands.surroundings import database_running, in_home, progress_bar


@click.group()
def demo() -> None:
    """演示数据。"""


@demo.command()
@in_home
def load() -> None:
    """装入虚构的云溪区:站点、代表、部门和一年的意见。"""
    with database_running():
        from jiazhan.config import demo as county

        with progress_bar("正在装入演示数据") as progress:
            done = county.load(progress=progress)
    click.echo(done or "演示数据已装入。")
