"""The page of a matter: what it shows, its acts, and what is refused with the words kept."""

from django.urls import reverse

from jiazhan.opinions.choices import Urgency
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.states import State
from tests.factories import category, opinion


def address(matter, act=""):
    name = f"office:opinion-{act}" if act else "office:opinion"
    return reverse(name, kwargs={"jurisdiction": matter.jurisdiction, "opinion_id": matter.pk})


def test_an_officer_takes_a_matter_up_with_a_deputy_and_a_category(county, sign_in):
    deputy, matter = county.deputy, opinion(county)
    browser = sign_in(county.officer)
    page = browser.get(address(matter)).content.decode()
    assert "接待代表" in page and "周海燕" in page and "因为写到了“积水" in page

    given = {"accept-deputy": deputy.pk, "accept-category": category().pk, "accept-urgency": Urgency.URGENT}
    answer = browser.post(address(matter, "accept"), given, follow=True)

    assert "已受理" in answer.content.decode()
    matter.refresh_from_db()
    assert (matter.state, matter.deputy, matter.category_id) == (State.ACCEPTED, deputy, "0102")


def test_the_queue_opens(county, sign_in):
    opinion(county)
    answer = sign_in(county.officer).get(reverse("office:queue"))
    assert answer.status_code == 200
    answer = sign_in(county.officer).get(reverse("office:home"))
    assert answer.status_code == 200
