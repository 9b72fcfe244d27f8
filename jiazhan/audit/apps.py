from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "jiazhan.audit"
    verbose_name = "记录"
