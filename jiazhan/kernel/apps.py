from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "jiazhan.kernel"
    verbose_name = "内核"
