"""The choices of a select as HTML: a county has hundreds of stations, and drawing each in a template costs more than the list."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from markupsafe import Markup, escape


class Offered(list[Any]):
    """Choices that are kept for a while, and so are drawn once. Nobody changes them."""

    @cached_property
    def drawn(self) -> str:
        return "".join(map(_option, self))


def options(choices: Iterable[tuple[Any, Any]], value: Any = "") -> Markup:
    """`<option>`s of (value, label) and (group, [(value, label)]), the given value selected."""
    if isinstance(choices, Offered):
        tag = f'<option value="{escape(value)}"'
        return Markup(choices.drawn.replace(f"{tag}>", f"{tag} selected>") if str(value) else choices.drawn)
    return Markup("".join(_option(each, str(value)) for each in choices))


def _option(choice: tuple[Any, Any], selected: str | None = None) -> str:
    key, label = choice
    if isinstance(label, (list, tuple)):
        return f'<optgroup label="{escape(key)}">{"".join(_option(each, selected) for each in label)}</optgroup>'
    mark = " selected" if selected is not None and str(key) == selected else ""
    return f'<option value="{"" if key is None else escape(key)}"{mark}>{escape(label)}</option>'
