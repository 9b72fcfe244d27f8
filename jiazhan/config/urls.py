"""Which portal answers where."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("jiazhan.web.public.login_urls")),
    path("", include("jiazhan.web.public.urls")),
    path("deputy/", include("jiazhan.web.deputy.urls")),
    path("office/", include("jiazhan.web.office.urls")),
    path("department/", include("jiazhan.web.department.urls")),
    path("ui/", include("jiazhan.web.ui.urls")),
]

handler400 = "jiazhan.web.ui.views.bad_request"
handler403 = "jiazhan.web.ui.views.forbidden"
handler404 = "jiazhan.web.ui.views.not_found"
handler500 = "jiazhan.web.ui.views.server_error"

if settings.DEBUG:
    from django.contrib.staticfiles.urls import staticfiles_urlpatterns

    urlpatterns += staticfiles_urlpatterns()
