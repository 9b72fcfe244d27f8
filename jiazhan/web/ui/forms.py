"""The form that portals build on: refusals name the field in a person's words."""

from django import forms
from django.utils.translation import gettext_lazy as _


class Form(forms.Form):
    """A form whose empty required fields say 请填写… or 请选择…, unless the field brings its own words."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        for name, field in self.fields.items():
            own = self.base_fields[name].error_messages
            if own.get("required") != forms.Field.default_error_messages["required"]:
                continue
            label = field.label or name
            words = _("请选择%(label)s") if isinstance(field, forms.ChoiceField) else _("请填写%(label)s")
            if isinstance(field, forms.BooleanField):
                words = _("请勾选：%(label)s")
            field.error_messages["required"] = words % {"label": label}
