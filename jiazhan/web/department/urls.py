"""Routes of the department portal."""

app_name = "department"
urlpatterns: list = []
