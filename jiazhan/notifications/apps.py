from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "jiazhan.notifications"
    verbose_name = "通知"
