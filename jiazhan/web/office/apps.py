from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "jiazhan.web.office"
    verbose_name = "机关端"
