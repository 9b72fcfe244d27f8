"""Saying it in three steps, as a browser without scripts does."""

from jiazhan.opinions.models import Opinion
from tests.web.public.walking import said, send

BODY = "柳林小区北门下雨就积水,老人孩子出门要蹚水。"


def begin(client, county, query=""):
    return client.get(f"/say/{county.code}/{county.station.code}/{query}")


def to_contact(client, county, body=BODY, **typed):
    page = send(client, begin(client, county), "/place/", body=body, **typed)
    return send(client, page, "/contact/")


def the_only_opinion(county):
    with county.within():
        return Opinion.objects.get()


def test_a_resident_says_it_in_three_steps_and_gets_a_code(client, county):
    page = send(client, begin(client, county), "/place/", body=BODY, title="北门积水")
    assert "柳林社区" in said(page)
    page = send(client, page, "/contact/", place_note="北门外")
    page = send(client, page, "/send/", who="anonymous")
    assert page.status_code == 302
    opinion = the_only_opinion(county)
    assert (opinion.title, opinion.body, opinion.community) == ("北门积水", BODY, county.community.code)
    assert (opinion.place_note, opinion.is_anonymous) == ("北门外", True)
    sent = client.get(page.url)
    assert "您的查询码" in said(sent)
    followed = client.get(f"/follow/{county.code}/{opinion.pk}/")
    assert "已收到,等待受理" in said(followed)
