from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "jiazhan.people"
    verbose_name = "人员与权限"
