"""Routes of the statistics of proposals, included by jiazhan.web.office.urls under its namespace."""

from django.urls import path

from . import downloads, pages

urlpatterns = [
    path("", pages.overview, name="proposal-statistics"),
    path("cases/", pages.cases, name="proposal-statistics-cases"),
    path("table.xlsx", downloads.xlsx, name="proposal-statistics-xlsx"),
    path("report.<slug:kind>", downloads.report, name="proposal-statistics-report"),
]
