"""What a clerk sees of a reply whose text message is on its way, or did not leave."""

from datetime import timedelta

from django.urls import reverse

from jiazhan.notifications.models import Notice, SendState
from jiazhan.opinions.models import Delivery
from jiazhan.opinions.services import intake, messages
from tests.domain.opinions import walking
from tests.factories import NOW

PHONE = intake.Author(name="王女士", phone="13800138000")


def at(matter, name="opinion"):
    return reverse(f"office:{name}", kwargs={"jurisdiction": matter.jurisdiction, "opinion_id": matter.pk})


def test_a_message_that_did_not_leave_says_what_to_do_and_is_made_good_by_a_call(county, sign_in):
    assert county.office
    matter = walking.replied(walking.handling_department(county, author=PHONE), county).opinion
    browser = sign_in(county.officer)
    page = browser.get(at(matter)).content.decode()
    assert "短信正在发送" in page
    assert "短信未送达" not in page
    stamp = Delivery.objects.get(opinion=matter, recipient="author")
    Notice.objects.filter(key=stamp.notice_key).update(state=SendState.FAILED)
    messages.follow(at=NOW + timedelta(minutes=9))
    page = browser.get(at(matter)).content.decode()
    assert "短信未送达" in page
    assert "请打电话或当面告知，然后点“登记送达”" in page
    given = {"deliver-recipient": "author", "deliver-how": "电话告知"}
    assert browser.post(at(matter, "opinion-deliver"), given).status_code == 302
    page = browser.get(at(matter)).content.decode()
    assert "短信未送达" not in page.split('id="deliveries"')[1].split("</section>")[0]
    assert "电话告知" in page
