"""Registers the shared look, so that its templates and static files are found."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "jiazhan.web.ui"
    label = "ui"
