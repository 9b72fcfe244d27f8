"""Fetches uv with nothing but the standard library, where neither venv nor pip is there: `fetch_uv.py FOLDER`."""

import configparser
import hashlib
import html.parser
import os
import pathlib
import platform
import re
import stat
import sys
import urllib.parse
import urllib.request
import zipfile

MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


class Links(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        if tag == "a":
            self.found.append(dict(attributes).get("href") or "")


def index():
    """The package index that this machine is set to use."""
    for variable in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if os.environ.get(variable):
            return os.environ[variable]
    pip = configparser.ConfigParser()
    home = pathlib.Path.home()
    pip.read(
        [os.environ.get("PIP_CONFIG_FILE", ""), "/etc/pip.conf", home / ".pip/pip.conf", home / ".config/pip/pip.conf"]
    )
    return pip.get("global", "index-url", fallback="https://pypi.org/simple")


def fits(name):
    """Whether this machine runs the wheel."""
    machine = platform.machine().lower()
    if sys.platform == "darwin":
        return "macosx" in name and (machine if machine == "arm64" else "x86_64") in name
    libc = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    return libc in name and MACHINES.get(machine, machine) in name


def newest(page, links):
    def version(link):
        return [int(number) for number in re.match(r"uv-([0-9.]+)-", name_of(link)).group(1).split(".")]

    wheels = [
        link for link in links if re.match(r"uv-[0-9.]+-py3-none-.*\.whl$", name_of(link)) and fits(name_of(link))
    ]
    return urllib.parse.urljoin(page, max(wheels, key=version))


def name_of(link):
    return urllib.parse.unquote(urllib.parse.urlsplit(link).path.rsplit("/", 1)[-1])


def main(folder):
    page = index().rstrip("/") + "/uv/"
    links = Links()
    links.feed(urllib.request.urlopen(page, timeout=60).read().decode())
    address = newest(page, links.found)
    wheel = folder / "uv.whl"
    folder.mkdir(parents=True, exist_ok=True)
    wheel.write_bytes(urllib.request.urlopen(address, timeout=300).read())
    expected = urllib.parse.parse_qs(urllib.parse.urlsplit(address).fragment).get("sha256", [None])[0]
    if expected and hashlib.sha256(wheel.read_bytes()).hexdigest() != expected:
        sys.exit("uv 的文件校验不符,没有使用。")
    with zipfile.ZipFile(wheel) as archive:
        program = next(name for name in archive.namelist() if name.endswith("/scripts/uv"))
        (folder / "uv").write_bytes(archive.read(program))
    (folder / "uv").chmod(stat.S_IRWXU)
    wheel.unlink()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
