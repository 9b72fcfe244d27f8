"""`jiazhan account create`: the first administrators of an instance that has nobody yet."""

import click

from jiazhan.config.commands.surroundings import database_running, in_home

ROLES = ["system_admin", "security_admin", "auditor", "deputy_affairs"]


@click.group()
def account() -> None:
    """工作人员的账号。"""


@account.command()
@click.argument("username", metavar="用户名")
@click.option("--name", required=True, help="姓名。")
@click.option("--area", required=True, metavar="CODE", help="管辖的区划代码，例如 990106。")
@click.option("--role", default="system_admin", show_default=True, type=click.Choice(ROLES), help="任命的岗位。")
@in_home
def create(username: str, name: str, area: str, role: str) -> None:
    """开立一个管理员账号并任命，显示一次初始密码。以后的账号在网页的「人员」里开。"""
    with database_running():
        from django.utils import timezone

        from jiazhan import audit
        from jiazhan.kernel.scope import within
        from jiazhan.people.models import AccountKind
        from jiazhan.people.services import accounts, posts

        at, password = timezone.now(), accounts.new_password()
        with within([area[:6]]):
            made = accounts.create_account(
                AccountKind.STAFF, name=name, username=username, password=password, area=area, by=audit.SYSTEM, at=at
            )
            posts.appoint(made, role, area=area, starts_on=timezone.localdate(at), by=audit.SYSTEM, at=at)
    click.echo(f"账号 {made.username} 已开立，初始密码（只显示这一次）：{password}")
    click.echo("第一次登录时要换成自己的密码，并设好第二步验证。")
