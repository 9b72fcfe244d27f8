"""`jiazhan migrate`: brings the tables in step with the program."""

import click

from jiazhan.config.commands.surroundings import Refused, database_running, in_home


@click.command()
@click.option("--check", "only_check", is_flag=True, help="不更新，只看是否需要更新；需要时退出码为 1。")
@in_home
def migrate(only_check: bool) -> None:
    """建立或更新数据库里的表（以属主角色进行）。"""
    with database_running():
        from django.core.management import call_command
        from django.db import connections
        from django.db.migrations.executor import MigrationExecutor

        executor = MigrationExecutor(connections["owner"])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan and only_check:
            raise Refused(f"数据库的表比程序旧 {len(plan)} 步，请先运行 jiazhan migrate。")
        if plan:
            call_command("migrate", database="owner", verbosity=0, interactive=False)
    click.echo(f"数据表已更新：执行了 {len(plan)} 步迁移。" if plan else "数据表已是最新。")
