"""What a template says alike to everybody is written into it as it is compiled, and reads as if it were not."""

import pytest
from jinja2 import Environment, nodes

from jiazhan.web.ui.jinja import FoldingEnvironment, environment


@pytest.mark.parametrize(
    "template",
    [
        '{{ _("已办结") }}',
        '{{ _("<b>&") }}',
        '{{ _("完成 100%%") }}',
        '{{ _("第 %(n)s 轮", n=given) }}',
        "{{ _(given) }}",
        '{{ icon("add") }}{{ icon("add", "1em") }}{{ icon(given) }}',
        '{{ static("ui/app.css") }}',
        '{% set _icon = icon %}{% macro m(icon) %}{{ _icon(icon) }}{{ _icon("add") }}{% endmacro %}{{ m("check") }}',
        '{{ [_("一"), _("二")]|join("、") }}',
    ],
)
def test_a_page_reads_the_same_with_and_without(template):
    folding = environment(autoescape=True)
    plain = Environment(autoescape=True, extensions=list(folding.extensions))
    plain.globals, plain.filters = folding.globals, folding.filters
    assert folding.from_string(template).render(given="add") == plain.from_string(template).render(given="add")


def test_words_without_values_are_no_call_any_more():
    def calls(env):
        return len(
            list(env.parse('{{ _("已办结") }}{{ _("第 %(n)s 轮", n=1) }}{{ icon("add") }}').find_all(nodes.Call))
        )

    assert isinstance(environment(autoescape=True), FoldingEnvironment)
    assert calls(Environment()) == 3
    assert calls(environment(autoescape=True)) == 1
