"""The Jinja environment of all portals: translation, addresses, and filters that say values in a person's words."""

from functools import cached_property

from django.conf import settings
from django.contrib.messages import get_messages
from django.template.backends.utils import csrf_input
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined, nodes
from markupsafe import Markup

from jiazhan.web.ui import words
from jiazhan.web.ui.icons import icon
from jiazhan.web.ui.options import options as draw_options
from jiazhan.web.ui.text_size import text_size


def url(name, *args, **kwargs):
    """The address of a named route; keyword arguments that are None are left out."""
    return reverse(name, args=args, kwargs={key: value for key, value in kwargs.items() if value is not None})


class _CsrfInput:
    """The hidden field of every form of a page: made once, where one is drawn at all. Django makes it anew for each form."""

    def __init__(self, request):
        self._request = request

    @cached_property
    def _drawn(self):
        return csrf_input(self._request)

    def __html__(self):
        return self._drawn

    def __str__(self):
        return self._drawn


def once(request):
    """A context processor (settings.TEMPLATES)."""
    return {"csrf_input": _CsrfInput(request)}


def query(request, **changes):
    """The current address's query with some fields changed (None removes one), for links of filters and pages."""
    fields = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            fields.pop(name, None)
        elif isinstance(value, (list, tuple)):
            fields.setlist(name, value)
        else:
            fields[name] = value
    return f"?{fields.urlencode()}" if fields else "?"


class FoldingEnvironment(Environment):
    """Writes into a template, as it is compiled, what every page of it would say alike: words in the one language that there
    is, icons, addresses of assets. Half of the calls that a page makes are such."""

    def _parse(self, source, name, filename):
        template = super()._parse(source, name, filename)
        with translation.override(settings.LANGUAGE_CODE):
            _fold(template)
        return template


def _words(text):
    return Markup(gettext(text)) % {}


# `_icon` is what our macros that have a parameter `icon` call it.
_ALIKE = {"icon": icon, "_icon": icon, "static": static}
if len(settings.LANGUAGES) == 1:
    _ALIKE |= {"_": _words, "gettext": _words}


def _fold(node):
    """Put a constant for each call with constants only of what says the same to everybody."""
    for field, value in node.iter_fields():
        if isinstance(value, nodes.Node):
            setattr(node, field, _folded(value))
        elif isinstance(value, list):
            value[:] = [_folded(each) if isinstance(each, nodes.Node) else each for each in value]


def _folded(node):
    _fold(node)
    is_alike = (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name in _ALIKE
        and all(isinstance(each, nodes.Const) for each in node.args)
        and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
    )
    return (
        nodes.Const(_ALIKE[node.node.name](*(each.value for each in node.args)), lineno=node.lineno)
        if is_alike
        else node
    )


def environment(**options):
    """Called by Django's Jinja2 backend (settings.TEMPLATES). An undefined name is an error everywhere, not a blank."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    env = FoldingEnvironment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"], **options)
    env.install_gettext_callables(gettext=gettext, ngettext=ngettext, newstyle=True)
    env.globals.update(
        url=url,
        static=static,
        query=query,
        icon=icon,
        now=timezone.now,
        text_size=text_size,
        get_messages=get_messages,
        draw_options=draw_options,
    )
    env.filters.update(words.FILTERS)
    return env
