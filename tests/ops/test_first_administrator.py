"""The first administrator of an instance that has nobody yet."""

from tests import database
from tests.ops.test_commands import run


def test_the_first_administrator_is_made_once_with_a_password_and_what_does_not_fit_is_refused(tmp_path):
    def create(username, area, role="system_admin"):
        return run("account", "create", username, "--name", "管理员", "--area", area, "--role", role, home=tmp_path)

    database.migrated(tmp_path)
    first = create("admin", "990106")
    assert (first.returncode, first.stderr) == (0, "")
    assert "初始密码（只显示这一次）：" in first.stdout
    again = create("ADMIN", "990106")
    assert (again.returncode, again.stdout) == (1, "")
    assert "已经有人用了" in again.stderr
    street = create("second", "990106001", "deputy_affairs")
    assert (street.returncode, street.stdout) == (1, "")
    assert "请选择区县" in street.stderr
    # The refusal left no account behind.
    assert create("second", "990106", "deputy_affairs").returncode == 0
