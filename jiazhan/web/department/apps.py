from django.apps import AppConfig


class DepartmentConfig(AppConfig):
    name = "jiazhan.web.department"
    verbose_name = "承办端"
