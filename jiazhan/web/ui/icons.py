"""The icons that pages may use, by our name and the heroicons outline (or our own drawing) behind it."""

from functools import cache

from django.templatetags.static import static
from markupsafe import Markup

# Our name → file in heroicons' 24/outline, or in assets/icons where the name starts with "own:".
ICONS = {
    "add": "plus",
    "alert": "exclamation-triangle",
    "arrow-right": "arrow-right",
    "assign": "user-plus",
    "attachment": "paper-clip",
    "back": "chevron-left",
    "bell": "bell",
    "building": "building-office-2",
    "calendar": "calendar-days",
    "camera": "camera",
    "category": "tag",
    "chart": "chart-bar",
    "chat": "chat-bubble-left-right",
    "check": "check",
    "clock": "clock",
    "close": "x-mark",
    "congress": "building-library",
    "copy": "document-duplicate",
    "delete": "trash",
    "deputy": "identification",
    "divert": "arrow-uturn-right",
    "document": "document-text",
    "done": "check-circle",
    "download": "arrow-down-tray",
    "edit": "pencil-square",
    "error": "x-circle",
    "eye": "eye",
    "eye-off": "eye-slash",
    "face-bad": "face-frown",
    "face-good": "face-smile",
    "face-middle": "own:face-middle",
    "filter": "funnel",
    "forward": "chevron-right",
    "handshake": "hand-thumb-up",
    "help": "question-mark-circle",
    "history": "archive-box",
    "home": "home",
    "idea": "light-bulb",
    "inbox": "inbox",
    "info": "information-circle",
    "key": "key",
    "language": "language",
    "letter": "envelope",
    "link": "link",
    "list": "list-bullet",
    "lock": "lock-closed",
    "login": "arrow-right-end-on-rectangle",
    "logout": "arrow-right-start-on-rectangle",
    "map": "map",
    "megaphone": "megaphone",
    "menu": "bars-3",
    "merge": "own:merge",
    "microphone": "microphone",
    "more": "ellipsis-horizontal",
    "open": "arrow-top-right-on-square",
    "people": "users",
    "person": "user",
    "phone": "phone",
    "picture": "photo",
    "place": "map-pin",
    "print": "printer",
    "promise": "flag",
    "qr": "qr-code",
    "reply": "arrow-uturn-left",
    "resident": "user-group",
    "retry": "arrow-path",
    "save": "bookmark",
    "search": "magnifying-glass",
    "send": "paper-airplane",
    "settings": "cog-6-tooth",
    "shield": "shield-check",
    "sign": "pencil",
    "star": "star",
    "step-free": "own:step-free",
    "table": "table-cells",
    "text-size": "own:text-size",
    "today": "sun",
    "upload": "arrow-up-tray",
    "wait": "pause-circle",
}


class UnknownIcon(LookupError):
    """A template asks for an icon that is not in ICONS; add it there and rebuild the assets."""


@cache
def icon(name, size="1.25em"):
    """An outline icon as markup, hidden from screen readers: a word always stands beside it."""
    if name not in ICONS:
        raise UnknownIcon(f"图标 {name} 不在 jiazhan/web/ui/icons.py 的清单里。")
    markup = Markup(
        '<svg class="icon" width="{size}" height="{size}" aria-hidden="true"><use href="{url}#{name}"/></svg>'
    )
    return markup.format(size=size, url=static("ui/icons.svg"), name=name)
