"""The Jinja environment of all portals: translation, addresses, and filters that say values in a person's words."""

from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined

from jiazhan.web.ui import words
from jiazhan.web.ui.icons import icon
from jiazhan.web.ui.options import options as draw_options
from jiazhan.web.ui.text_size import text_size


def url(name, *args, **kwargs):
    """The address of a named route; keyword arguments that are None are left out."""
    return reverse(name, args=args, kwargs={key: value for key, value in kwargs.items() if value is not None})


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


def environment(**options):
    """Called by Django's Jinja2 backend (settings.TEMPLATES). An undefined name is an error everywhere, not a blank."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    env = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"], **options)
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
