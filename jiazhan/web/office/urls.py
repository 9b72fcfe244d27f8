"""Routes of the office portal."""

app_name = "office"
urlpatterns: list = []
