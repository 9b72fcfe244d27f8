"""Routes of the pages about places, included by jiazhan.web.office.urls under its namespace."""

from django.urls import path

from . import calendar, codes, congresses, parameters, photos, regions, stations, tables

urlpatterns = [
    path("stations/", stations.station_list, name="stations"),
    path("stations/open/", stations.open_station, name="station-open"),
    path("stations/<slug:jurisdiction>/<uuid:station_id>/", stations.station, name="station"),
    path("stations/<slug:jurisdiction>/<uuid:station_id>/change/", stations.change_station, name="station-change"),
    path("stations/<slug:jurisdiction>/<uuid:station_id>/attach/", stations.attach_deputy, name="station-attach"),
    path(
        "stations/<slug:jurisdiction>/<uuid:station_id>/detach/<uuid:attachment_id>/",
        stations.detach_deputy,
        name="station-detach",
    ),
    path("stations/<slug:jurisdiction>/<uuid:station_id>/code/", codes.station_code, name="station-code"),
    path(
        "stations/<slug:jurisdiction>/<uuid:station_id>/code/<slug:act>/", codes.act_on_station, name="station-code-act"
    ),
    path("stations/<slug:jurisdiction>/<uuid:station_id>/photo/", photos.show, name="station-photo"),
    path("stations/<slug:jurisdiction>/<uuid:station_id>/photo/remove/", photos.remove, name="station-photo-remove"),
    path(
        "stations/<slug:jurisdiction>/<uuid:station_id>/photo/<uuid:photo_id>/",
        photos.small,
        name="station-photo-small",
    ),
    path("stations/<slug:jurisdiction>/<uuid:station_id>/<slug:step>/", stations.step_station, name="station-step"),
    path("codes/", codes.overview, name="codes"),
    path("codes/posters/", codes.posters, name="posters"),
    path("codes/deputies/<slug:jurisdiction>/<uuid:deputy_id>/", codes.deputy_code, name="deputy-code"),
    path(
        "codes/deputies/<slug:jurisdiction>/<uuid:deputy_id>/<slug:act>/", codes.act_on_deputy, name="deputy-code-act"
    ),
    path("codes/<slug:jurisdiction>/<slug:token>/<slug:size>.pdf", codes.poster, name="poster"),
    path("regions/", regions.browse, name="regions"),
    path("regions/search/", regions.search, name="region-search"),
    path("tables/", tables.overview, name="tables"),
    path("tables/<slug:kind>/template.xlsx", tables.template, name="table-template"),
    path("tables/<slug:jurisdiction>/<slug:kind>/", tables.table, name="table"),
    path("tables/<slug:jurisdiction>/<slug:kind>/commit/", tables.commit, name="table-commit"),
    path("congresses/<slug:jurisdiction>/", congresses.congresses, name="congresses"),
    path("parameters/", parameters.first, name="parameters"),
    path("parameters/<slug:jurisdiction>/", parameters.county, name="county-parameters"),
    path("parameters/<slug:jurisdiction>/<str:parameter_name>/", parameters.parameter, name="parameter"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/load/", calendar.load_year, name="calendar-load"),
    path("calendar/day/", calendar.change_day, name="calendar-day"),
]
