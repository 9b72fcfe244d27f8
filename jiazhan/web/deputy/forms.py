"""What a deputy is asked: an opinion, an answer on the spot, another deputy."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiazhan.opinions import selectors
from jiazhan.opinions.choices import OutcomeClass
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.states import Track
from jiazhan.people.models import Deputy
from jiazhan.web.ui.forms import Form


class OpinionForm(Form):
    text = forms.CharField(label=_("我的意见"), widget=forms.Textarea, help_text=_("可以点键盘上的话筒直接说。"))
    suggested_track = forms.ChoiceField(
        label=_("建议由谁办"), choices=[("", _("由街道研究决定")), *Track.choices], required=False
    )


class AnswerForm(Form):
    """Its field names carry a prefix, because an opinion is written on the same page."""

    text = forms.CharField(
        label=_("我的答复"),
        widget=forms.Textarea,
        help_text=_("直接送达反映人，由反映人评价。可以点键盘上的话筒直接说。"),
    )
    outcome = forms.ChoiceField(label=_("办理结果"), choices=OutcomeClass)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="answer", **kwargs)


class HandForm(Form):
    deputy = forms.ModelChoiceField(Deputy.objects.none(), label=_("请哪位代表"), empty_label=None)
    reason = forms.CharField(
        label=_("理由"), widget=forms.Textarea, help_text=_("例如：这件事那位代表更熟悉，或我近期在外地。")
    )

    def __init__(self, *args: Any, opinion: Opinion, me: Deputy, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, prefix="hand", **kwargs)
        self.choices = [each for each in selectors.deputies_for(opinion.station, at=at) if each.deputy.pk != me.pk]
        self.fields["deputy"].queryset = Deputy.objects.filter(pk__in=[each.deputy.pk for each in self.choices])

    @property
    def cards(self) -> list[tuple[Any, str, str]]:
        """The colleagues as the page offers them, best choice first, each with the reason to pick them."""
        return [(each.deputy.pk, each.deputy.name, each.why) for each in self.choices]
