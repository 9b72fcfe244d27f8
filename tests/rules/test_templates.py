"""Rules of the pages' templates: nothing inline, every word translatable, only icons and sizes that exist."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

import jiazhan
from jiazhan.web.ui.icons import ICONS

ROOT = Path(jiazhan.__file__).parent
TEMPLATES = sorted(ROOT.glob("web/*/jinja2/**/*.html"))
CHINESE = re.compile(r"[\u3400-\u9fff]")
LEXER = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"])


def named(path):
    return str(path.relative_to(ROOT))


every_template = pytest.mark.parametrize("path", TEMPLATES, ids=named)


def inline_code(source):
    """What the content-security-policy would refuse to run or to apply."""
    return [
        *re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", source),
        *re.findall(r"<style[^>]*>", source),
        *re.findall(r"<[a-z][^>]*\sstyle=[^>]*>", source),
        *re.findall(r"<[a-z][^>]*\s(?:on[a-z]+|hx-on[:\w-]*)=[^>]*>", source),
        *re.findall(r"""(?:href|src|action)=["']javascript:""", source),
    ]


def unwrapped_words(source):
    """Chinese that stands in the template's own text, outside comments and outside _("…")."""
    return [
        f"{line}: {value.strip()[:40]}"
        for line, kind, value in LEXER.lex(source)
        if kind == "data" and CHINESE.search(re.sub(r"<!--.*?-->", "", value, flags=re.DOTALL))
    ]


def test_the_rules_see_what_they_forbid():
    assert inline_code('<a onclick="x()">') == ['<a onclick="x()">']
    assert inline_code('<p style="color:red">') == ['<p style="color:red">']
    assert inline_code("<script>x()</script>") == ["<script>"]
    assert inline_code('<script src="/static/x.js" defer></script>') == []
    assert unwrapped_words("<p>受理</p>") == ["1: <p>受理</p>"]
    assert unwrapped_words('<p>{{ _("受理") }}</p>{# 注 #}') == []


def test_there_are_templates_to_check():
    assert len(TEMPLATES) > 20


@every_template
def test_nothing_is_inline(path):
    assert inline_code(path.read_text()) == []


@every_template
def test_every_word_can_be_translated(path):
    assert unwrapped_words(path.read_text()) == []


@every_template
def test_only_known_icons_are_asked_for(path):
    asked = re.findall(r"""\bicon(?:=|\()["']([\w-]+)["']""", path.read_text())
    assert set(asked) - set(ICONS) == set()


@every_template
def test_a_link_that_opens_elsewhere_keeps_our_page_safe(path):
    opened = re.findall(r"<a[^>]*target=[^>]*>", path.read_text())
    assert [link for link in opened if "noopener" not in link] == []
