"""The fonts that letters are printed with: an office's own 仿宋 and 小标宋 where it has them, free ones otherwise."""

import importlib
from functools import lru_cache
from pathlib import Path

import typst
from django.conf import settings
from fontTools.ttLib import TTCollection, TTFont, TTLibError

BUNDLED = ("pylopdf_fonts_zh_cn", "pylopdf_fonts_cjk", "manimgx_fonts")

# The names that the official faces go by, in the order of preference; then the free face that stands in.
FACES = {
    "song": (("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "FZFangSong-Z02", "方正仿宋_GBK"), "Noto Serif SC"),
    "title": (("方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05"), "Noto Serif SC"),
    "hei": (("黑体", "SimHei", "方正黑体_GBK", "FZHei-B01"), "Noto Sans SC"),
    "kai": (("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "FZKai-Z03"), "Noto Serif SC"),
}


@lru_cache(maxsize=1)
def folders() -> tuple[str, ...]:
    """The office's folder first, then those of the bundled fonts."""
    bundled = [str(Path(str(importlib.import_module(name).__file__)).parent) for name in BUNDLED]
    own = str(settings.FONTS)
    return tuple(folder for folder in [own, *bundled] if folder)


@lru_cache(maxsize=1)
def loaded() -> typst.Fonts:
    """The fonts, opened once for each process; the machine's own are left out: a letter looks alike everywhere."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders()))


@lru_cache(maxsize=1)
def faces() -> dict[str, list[str]]:
    """For each face the families to try, the official one first, and those that hold what it lacks."""
    known = loaded().families()
    latin_less = [name for name in known if name.startswith("Noto")]
    rest = sorted(latin_less, key=lambda name: ("SC" not in name, "JP" not in name, name))
    chosen = {}
    for face, (official, stand_in) in FACES.items():
        first = [name for name in official if name in known][:1]
        chosen[face] = list(dict.fromkeys([*first, stand_in, *rest]))
    return chosen


def is_stand_in(face: str) -> bool:
    """Whether the free face stands in, so that a title needs its strokes thickened."""
    return faces()[face][0] == FACES[face][1]


@lru_cache(maxsize=1)
def _coverage() -> frozenset[int]:
    held: set[int] = set()
    for folder in folders():
        for path in sorted(Path(folder).iterdir()):
            if path.suffix.lower() in {".ttf", ".otf", ".ttc"}:
                held.update(_characters(path))
    return frozenset(held)


def _characters(path: Path) -> set[int]:
    with path.open("rb") as file:
        try:
            fonts = TTCollection(file, lazy=True).fonts if path.suffix.lower() == ".ttc" else [TTFont(file, lazy=True)]
            return {code for font in fonts for code in font.getBestCmap() or ()}
        except TTLibError:
            return set()


def missing(text: str) -> list[str]:
    """The characters of the text that no font here holds, each once, in order."""
    if text.isascii():
        return []
    held = _coverage()
    return [
        each for each in dict.fromkeys(text) if ord(each) not in held and each not in "\n\t\u200b\u200d\ufe0e\ufe0f"
    ]
