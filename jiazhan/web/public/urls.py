"""Routes of the public portal."""

app_name = "public"
urlpatterns: list = []
