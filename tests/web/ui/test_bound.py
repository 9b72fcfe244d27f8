"""ui.bound: a Django form's field drawn by the kind of its widget."""

from datetime import date, datetime

import pytest
from django import forms
from django.template import engines
from django.utils.translation import gettext_lazy

from jiazhan.web.ui.forms import Form

WAYS = [("sms", gettext_lazy("短信")), ("none", gettext_lazy("不用通知"))]


class Sample(Form):
    title = forms.CharField(label="标题", max_length=5)
    story = forms.CharField(label="经过", max_length=10, widget=forms.Textarea)
    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), ("road", gettext_lazy("道路"))])
    grouped = forms.ChoiceField(label="社区", choices=[("翠湖街道", [("1", "幸福里"), ("2", "湖东")])])
    way = forms.ChoiceField(label="怎么通知", choices=WAYS, widget=forms.RadioSelect)
    topics = forms.MultipleChoiceField(label="涉及", choices=WAYS, widget=forms.CheckboxSelectMultiple, required=False)
    on = forms.DateField(label="日期", widget=forms.DateInput, required=False)
    at = forms.DateTimeField(label="时刻", widget=forms.DateTimeInput, required=False)
    count = forms.IntegerField(label="件数", min_value=1, max_value=9)
    agreed = forms.BooleanField(label="同意")
    secret = forms.CharField(label="密码", widget=forms.PasswordInput)
    nonce = forms.CharField(widget=forms.HiddenInput)


def drawn(form, name):
    template = engines["jinja2"].from_string(
        '{% import "ui/components.html" as ui %}{{ ui.bound(form[name]) }}{{ ui.error_summary(form) }}'
    )
    return " ".join(template.render({"form": form, "name": name}).split())


def test_a_field_says_its_label_and_that_it_may_be_left_out():
    assert '<label class="field-label" for="id_title">标题</label>' in drawn(Sample(), "title")
    assert "（可不填）" not in drawn(Sample(), "title")
    assert "（可不填）" in drawn(Sample(), "on")


def test_a_line_is_cut_at_its_length_but_a_story_is_only_counted():
    assert 'maxlength="5"' in drawn(Sample(), "title")
    assert "maxlength" not in drawn(Sample(), "story")
    assert 'data-limit="10"' in drawn(Sample(), "story")


def test_what_was_typed_comes_back_escaped():
    assert "&lt;script&gt;" in drawn(Sample({"story": "<script>"}), "story")


@pytest.mark.parametrize(("name", "chosen"), [("kind", "road"), ("grouped", "2")])
def test_a_choice_is_chosen_again_also_within_groups(name, chosen):
    assert f'<option value="{chosen}" selected>' in drawn(Sample({name: chosen}), name)
    assert "selected" not in drawn(Sample({name: "nowhere"}), name)


def test_radio_choices_are_cards_and_the_chosen_one_is_checked():
    page = drawn(Sample({"way": "none"}), "way")
    assert page.count("choice-card") == 2
    assert 'value="none" checked' in page
    assert 'value="sms" checked' not in page


def test_several_choices_are_checked_again():
    page = drawn(Sample({"topics": ["sms"]}), "topics")
    assert 'value="sms" checked' in page
    assert 'value="none" checked' not in page


def test_dates_come_in_the_form_that_browsers_read():
    form = Sample(initial={"on": date(2026, 11, 1), "at": datetime(2026, 11, 1, 9, 5)})
    assert 'type="date" id="id_on" name="on" value="2026-11-01"' in drawn(form, "on")
    assert 'type="datetime-local" id="id_at" name="at" value="2026-11-01T09:05"' in drawn(form, "at")


def test_limits_of_a_number_reach_the_box():
    assert 'min="1"' in drawn(Sample(), "count")
    assert 'max="9"' in drawn(Sample(), "count")


def test_a_password_never_comes_back():
    assert "geheim" not in drawn(Sample({"secret": "geheim"}), "secret")


def test_a_hidden_field_has_no_label():
    assert drawn(Sample(initial={"nonce": "n1"}), "nonce") == '<input type="hidden" name="nonce" value="n1">'


@pytest.mark.parametrize(
    ("name", "words"), [("title", "请填写标题"), ("kind", "请选择类别"), ("agreed", "请勾选：同意")]
)
def test_an_empty_field_is_named_in_words(name, words):
    form = Sample({})
    assert not form.is_valid()
    page = drawn(form, name)
    assert f"<span>{words}</span>" in page
    assert f'<a href="#id_{name}">{words}</a>' in page


def test_a_field_with_its_own_words_keeps_them():
    class Own(Form):
        phone = forms.CharField(label="手机号", error_messages={"required": "留个电话，好告诉您结果"})

    assert Own({}).errors["phone"] == ["留个电话，好告诉您结果"]
