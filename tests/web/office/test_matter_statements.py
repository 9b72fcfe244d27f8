"""What the page of a matter asks the database, and that nothing of whoever asks is kept beyond one request."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jiazhan.people.models import Post
from tests.domain.opinions import walking
from tests.factories import opinion

# The transaction's own statements, and in tests the second factor, which a real login carries in its session.
NOT_COUNTED = ("SAVEPOINT", "RELEASE", "SET LOCAL", 'SELECT 1 AS "a" FROM "mfa_authenticator"')


def address(matter):
    return reverse("office:opinion", kwargs={"jurisdiction": matter.jurisdiction, "opinion_id": matter.pk})


def asked(browser, matter):
    browser.get(address(matter))
    with CaptureQueriesContext(connection) as statements:
        assert browser.get(address(matter)).status_code == 200
    return [each["sql"] for each in statements if not each["sql"].startswith(NOT_COUNTED)]


# Session, account, posts, the matter, what it has, notices, the record.
EVERY_PAGE = 7


@pytest.mark.parametrize(
    ("life", "more"),
    [
        (opinion, 0),
        # The deputy's opinion.
        (walking.opined, 1),
        # Two officials' opinions, the letter.
        (walking.handling_street, 3),
        # Review, forwarded through the offices.
        (walking.handling_department, 4),
    ],
)
def test_the_office_asks_for_what_there_is_and_no_more(life, more, county, sign_in):
    statements = asked(sign_in(county.office), life(county))
    assert len(statements) == EVERY_PAGE + more, "\n".join(each[:120] for each in statements)


def test_a_replied_matter_is_locked_and_stamped_once(county, sign_in):
    matter = walking.handling_street(county)
    walking.replied(matter, county)
    office = sign_in(county.office)
    stamp = matter.deliveries.get(recipient="office")
    assert stamp.seen_at is None
    office.get(address(matter))
    stamp.refresh_from_db()
    assert stamp.seen_at is not None
    # The reply and its deliveries besides what led to it; the deputy's own stamp, still unseen, is not the office's to set.
    statements = asked(office, matter)
    assert len(statements) == EVERY_PAGE + 5, "\n".join(each[:120] for each in statements)
    assert not [each for each in statements if "FOR UPDATE" in each]


def test_a_session_that_was_ended_a_post_that_is_over_and_a_closed_account_count_at_once(county, sign_in):
    matter = opinion(county)
    browser, other = sign_in(county.officer), sign_in(county.officer)
    for each in (browser, other):
        # Often enough that the statements are prepared and planned for good.
        for _turn in range(7):
            assert each.get(address(matter)).status_code == 200
    Session.objects.filter(session_key=browser.session.session_key).delete()
    assert browser.get(address(matter)).status_code == 302
    assert other.get(address(matter)).status_code == 200
    posts = Post.objects.filter(account=county.officer)
    posts.update(ends_on=timezone.localdate())
    assert other.get(address(matter)).status_code in {403, 404}
    posts.update(ends_on=None)
    assert other.get(address(matter)).status_code == 200
    county.officer.is_active = False
    county.officer.save()
    assert other.get(address(matter)).status_code == 302
