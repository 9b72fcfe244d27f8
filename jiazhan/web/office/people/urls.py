"""Routes of the pages on people, inside the office portal's namespace."""

from django.urls import path

from jiazhan.web.office.people import acts, pages

urlpatterns = [
    path("", pages.people, name="people"),
    path("roles/", pages.roles, name="people-roles"),
    path("new/", acts.create, name="people-create"),
    path("terms/", pages.terms, name="people-terms"),
    path("terms/<uuid:term_id>/expire/", acts.expire_term, name="people-expire-term"),
    path("<uuid:account_id>/", pages.person, name="person"),
    path("<uuid:account_id>/appoint/", acts.appoint, name="person-appoint"),
    path("<uuid:account_id>/posts/<uuid:post_id>/end/", acts.end_post, name="person-end-post"),
    path("<uuid:account_id>/mandates/<uuid:mandate_id>/<slug:step>/", acts.change_mandate, name="person-mandate"),
    path("<uuid:account_id>/password/", acts.reset_password, name="person-reset-password"),
    path("<uuid:account_id>/second-factor/", acts.reset_second_factor, name="person-reset-second-factor"),
    path("<uuid:account_id>/close/", acts.deactivate, name="person-deactivate"),
    path("<uuid:account_id>/open/", acts.reactivate, name="person-reactivate"),
    path("<uuid:account_id>/sessions/end/", acts.revoke_sessions, name="person-end-sessions"),
    path("<uuid:account_id>/sessions/<int:session_id>/end/", acts.revoke_sessions, name="person-end-session"),
]
