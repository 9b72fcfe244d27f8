"""`jiazhan serve` and `jiazhan worker`: run 家站 on this machine."""

import os
from pathlib import Path

import click

from jiazhan.config.commands.surroundings import Refused, database_running, in_home


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="网页的端口。")
@click.option("--host", default="127.0.0.1", show_default=True, help="网页监听的地址。")
@click.option("--empty", "is_empty", is_flag=True, help="第一次启动时不装入演示数据。")
@in_home
def serve(port: int, host: str, is_empty: bool) -> None:
    """启动数据库、网页和后台任务；按 Ctrl-C 全部停止。"""
    from jiazhan.config import serve as serving
    from jiazhan.config.postgres import PostgresRefusal

    home = Path(os.environ.get("JIAZHAN_HOME") or Path(__file__).resolve().parents[3] / "var").resolve()
    os.environ["JIAZHAN_HOME"] = str(home)
    try:
        serving.serve(home, host=host, port=port, first=serving.First.EMPTY if is_empty else serving.First.DEMO)
    except (PostgresRefusal, serving.ServeRefusal) as refusal:
        raise Refused(str(refusal)) from refusal
    click.echo("家站已停止。")


@click.command()
@click.option("--concurrency", default=2, show_default=True, type=click.IntRange(1, 32), help="同时处理的任务数。")
@in_home
def worker(concurrency: int) -> None:
    """处理后台任务（发通知、催办、生成文书）；按 Ctrl-C 做完手上的再停。"""
    with database_running():
        from procrastinate.contrib.django import app
        from procrastinate.exceptions import ConnectorException

        try:
            with app.replace_connector(app.connector.get_worker_connector()):
                app.run_worker(concurrency=concurrency, shutdown_graceful_timeout=20, delete_jobs="successful")
        except ConnectorException as failure:
            raise Refused("数据库断开，后台任务已停止；没有做完的任务留在队列里，下次启动后继续。") from failure
    click.echo("后台任务已停止。")
