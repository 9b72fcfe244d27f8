from django.apps import AppConfig


class SuggestionsConfig(AppConfig):
    name = "jiazhan.suggestions"
    verbose_name = "代表建议与议案"
