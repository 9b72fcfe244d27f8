"""Addresses of the shared look: the size of text and, only in debug, the gallery of components."""

from django.urls import path

from jiazhan.web.ui import views

app_name = "ui"

urlpatterns = [
    path("text-size/<slug:size>/", views.choose_text_size, name="text-size"),
    path("", views.gallery, name="gallery"),
    path("frame/<slug:frame>/", views.frame, name="frame"),
    path("error/<int:status>/", views.error_page, name="error"),
]
