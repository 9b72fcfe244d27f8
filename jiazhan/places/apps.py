from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "jiazhan.places"
    verbose_name = "区划与站点"
