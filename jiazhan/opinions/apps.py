from django.apps import AppConfig


class OpinionsConfig(AppConfig):
    name = "jiazhan.opinions"
    verbose_name = "社情民意"
