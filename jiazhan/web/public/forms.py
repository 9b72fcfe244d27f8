"""The shape of what residents fill in; whether it is allowed is for the services to say."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel import text
from jiazhan.people import phones
from jiazhan.web.ui.forms import Form

LONGEST = 5000
LONGEST_NOTE = 500


class Words(forms.CharField):
    """Several lines, cleaned before they are counted, so that nobody is refused for what nobody sees."""

    widget = forms.Textarea

    def __init__(self, *, longest: int = LONGEST, **options):
        super().__init__(strip=True, **options)
        self.longest = longest

    def to_python(self, value):
        return text.clean(super().to_python(value))

    def validate(self, value):
        super().validate(value)
        if len(value) > self.longest:
            over = len(value) - self.longest
            raise forms.ValidationError(
                _("最多 %(most)s 字，现在多了 %(over)s 字。请删短一些，或分两次反映。")
                % {"most": self.longest, "over": over}
            )


class Line(Words):
    """One line, cleaned."""

    widget = forms.TextInput

    def to_python(self, value):
        return text.clean_line(super().to_python(value))


class Phone(forms.CharField):
    """A mobile number as people write it, made into eleven digits."""

    def to_python(self, value):
        value = super().to_python(value)
        if not value:
            return ""
        try:
            return phones.normalise(value)
        except phones.NotAPhone as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class WordsForm(Form):
    body = Words(
        label=_("发生了什么事"),
        error_messages={"required": _("请写下发生了什么事，一两句话也行；不方便打字可以留一段录音。")},
    )
    title = Line(label=_("标题"), required=False, longest=60)

    def __init__(self, *args, has_voice: bool = False, **options):
        super().__init__(*args, **options)
        if has_voice:
            self.fields["body"].required = False


class PlaceForm(Form):
    community = forms.ChoiceField(label=_("在哪个社区（村）"), required=False)
    place_note = Line(label=_("具体位置"), required=False, longest=100)

    def __init__(self, *args, communities, **options):
        super().__init__(*args, **options)
        self.fields["community"].choices = [("", _("说不清，就在家站附近")), *communities]


class WhoForm(Form):
    """Named or anonymous; a name and a phone only count with the first."""

    who = forms.ChoiceField(
        label=_("您想怎么反映"),
        choices=[("named", _("留下姓名和电话")), ("anonymous", _("匿名"))],
        error_messages={"required": _("请选一种：留下姓名和电话，或者匿名。")},
    )
    name = Line(label=_("您的姓名"), required=False, longest=20)
    phone = Phone(label=_("手机号"), required=False)
    share = forms.BooleanField(label=_("可以把我的姓名和电话告诉承办单位"), required=False)

    def clean(self):
        given = super().clean()
        if given.get("who") == "anonymous":
            self.errors.pop("phone", None)
            self.errors.pop("name", None)
            return given | {"name": "", "phone": "", "share": False}
        if given.get("who") == "named" and "name" in given and not given["name"]:
            self.add_error("name", _("请填写您的姓名，也可以只写「王女士」；不想留就选「匿名」。"))
        if given.get("who") == "named" and "phone" in given and not given["phone"]:
            self.add_error("phone", _("请填写手机号，有进展时发短信告诉您；不想留就选「匿名」。"))
        return given


class JoinForm(Form):
    note = Words(label=_("我要补充"), required=False, longest=LONGEST_NOTE)


class FollowForm(Form):
    code = Line(
        label=_("查询码"), longest=40,
        error_messages={"required": _("请填写查询码。它在您提交后的页面和回执上，一共 10 个字母和数字。")},
    )  # fmt: skip


class RatingForm(Form):
    grade = forms.ChoiceField(
        label=_("您对这次办理"),
        choices=[("satisfied", _("满意")), ("basically_satisfied", _("基本满意")), ("dissatisfied", _("不满意"))],
        error_messages={"required": _("请选一张脸：满意、基本满意或不满意。")},
    )
    is_resolved = forms.ChoiceField(
        label=_("问题解决了吗"), required=False, choices=[("", _("说不好")), ("yes", _("解决了")), ("no", _("还没有"))]
    )
    words = Words(label=_("想说的话"), required=False, longest=LONGEST_NOTE)

    def clean(self):
        given = super().clean()
        if given.get("grade") == "dissatisfied" and "words" in given and not given["words"]:
            self.add_error("words", _("请写一句哪里不满意，重新办理的人会照着改。"))
        return given


class MessageForm(Form):
    text = Words(label=_("给承办单位留言"), longest=LONGEST_NOTE)


class ReasonForm(Form):
    reason = Line(label=_("原因"), required=False, longest=200)
