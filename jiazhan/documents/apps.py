from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "jiazhan.documents"
    label = "documents"
    verbose_name = "文书与附件"
