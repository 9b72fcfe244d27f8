"""What kind of device a login came from, in a person's words."""

from django.utils.translation import gettext as _

_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("QQBrowser", "QQ 浏览器"),
    ("360SE", "360 浏览器"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "鸿蒙手机"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Android", "安卓手机"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)


def device_words(user_agent: str) -> str:
    """「安卓手机上的微信」; 「其他设备」 where nothing is recognised."""
    system = next((words for mark, words in _SYSTEMS if mark in user_agent), "")
    browser = next((words for mark, words in _BROWSERS if mark in user_agent), "")
    if system and browser:
        gap = " " if browser[0].isascii() else ""
        return _("%(system)s上的%(browser)s") % {"system": system, "browser": gap + browser}
    return system or browser or _("其他设备")
