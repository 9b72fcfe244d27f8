"""Routes of the deputy portal."""

app_name = "deputy"
urlpatterns: list = []
