"""What the tests of a module all begin from, made once: its rows stand in a transaction around them all."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def made_once(blocker: Any, make: Callable[[], Any]) -> Iterator[Callable[[], Any]]:
    """Run `make` before the tests of a module and take its rows back after them; yields what gives each test a copy of
    what `make` returned, so that no test sees what another did to the objects.

    Not beside tests with transactional_db, whose rows must be seen by others.
    """
    with blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        made = make()
    try:
        yield lambda: copy.deepcopy(made)
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)
