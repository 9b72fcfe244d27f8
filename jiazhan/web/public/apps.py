from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "jiazhan.web.public"
    verbose_name = "群众端"
