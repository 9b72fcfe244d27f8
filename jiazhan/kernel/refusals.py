"""The two refusals that every app's access knows."""

from django.http import Http404
from django.utils.translation import gettext as _


class NotVisible(Http404):
    """There is no such thing for this person."""

    code = "not-visible"


class NotYours(Exception):
    """The person sees the case but this step is not theirs to take."""

    code = "not-yours"

    def __init__(self) -> None:
        super().__init__(_("这一步不由您办理。请看看现在由谁办理，或联系本单位管理员。"))
