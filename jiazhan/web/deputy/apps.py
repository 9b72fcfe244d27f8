from django.apps import AppConfig


class DeputyConfig(AppConfig):
    name = "jiazhan.web.deputy"
    verbose_name = "代表端"
