"""Every address under one proposal or one promise, in every portal: whoever has the right permission in another unit or
another congress finds nothing there, not even that there is something.

What each role may do with what is its own stands in the tables of the portals' own tests. Here the permitted share the set-up,
so that a 404 is no wrong address.
"""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from jiazhan.documents import services as documents
from jiazhan.documents.files import checking
from jiazhan.documents.selectors import attachments_of
from jiazhan.people.models import Account, Mandate
from jiazhan.people.roles import Role
from jiazhan.places.models import Congress, CongressLevel, Term
from jiazhan.places.selectors import forget_jurisdictions
from jiazhan.suggestions.choices import Publicity
from jiazhan.suggestions.services import key_proposals, publishing, supervising
from jiazhan.web.office import choices
from tests.domain.documents.samples import picture
from tests.domain.suggestions import walking
from tests.factories import LONG_AGO, NOW, County
from tests.web.office.conftest import signed_in

OF_ONE = {"proposal_id", "promise_id"}
FILES = {"visit-file": "visit", "supervise-file": "visit", "proposal-reply-file": "reply"}
STEPS = {"deputy": "words", "department": "explain"}


def _routes(patterns, portal=""):
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _routes(each.url_patterns, each.namespace or portal)
        elif isinstance(each, URLPattern):
            yield portal, each


ROUTES = {
    f"{portal}:{route.name}": route
    for portal, route in _routes(get_resolver().url_patterns)
    if OF_ONE & set(route.pattern.converters) and "opinion_id" not in route.pattern.converters
}
PORTALS = sorted({name.partition(":")[0] for name in ROUTES})


@pytest.fixture
def county(db):
    choices.forget()
    return County()


@pytest.fixture
def answered(county):
    """A proposal of the county's congress, answered with a promise, visited and urged, with a file at each place."""
    file = checking.check(picture(), name="现场.jpg")
    with county.within():
        proposal = walking.in_progress(county, county.make_deputy("林静"))
        by = {"by": county.affairs, "at": NOW}
        supervising.urge(proposal, unit=county.department, text="请抓紧办理。", answer_by=date(2026, 12, 1), **by)
        walking.answer(proposal, county, promise=("更换其余路段管网", date(2027, 6, 30)))
        said = {"place": "柳林小区", "people": "主任会议成员", "findings": "正在施工。"}
        key_proposals.visit(proposal, held_on=NOW.date(), files=[file], **said, **by)
        for subject in (proposal, walking.last_reply(proposal)):
            documents.attach(subject, file, by=county.handler, at=NOW)
        return walking.again(proposal)


@pytest.fixture
def parts(county, answered):
    """The numbers in the addresses: of what lies under this proposal."""
    with county.within():
        reply, visit, urging = walking.last_reply(answered), answered.visits.get(), answered.urgings.get()
        files = {"": answered, "reply": reply, "visit": visit}
        copy = reply.copies.get(deputy=answered.lead)
        known = {
            "jurisdiction": answered.jurisdiction, "proposal_id": answered.pk, "reply_id": reply.pk, "visit_id": visit.pk,
            "urging_id": urging.pk, "promise_id": answered.promises.get().pk, "copy_id": copy.pk,
            "contact_id": answered.contacts.get().pk, "deputy_id": answered.cosigners.get().deputy_id,
            "subject_id": answered.pk, "kind": "pdf",
        }  # fmt: skip
        attached = {name: attachments_of(subject).get().pk for name, subject in files.items()}

    def of(name):
        portal, _, short = name.partition(":")
        document = urging.document_id if short == "supervise-letter" else copy.document_id
        more = {"file_id": attached[FILES.get(short, "")], "document_id": document, "step": STEPS.get(portal)}
        return {key: (known | more)[key] for key in ROUTES[name].pattern.converters}

    return of


@pytest.fixture
def insiders(county, answered):
    with county.within():
        deputies = [answered.lead.account, answered.cosigners.get().deputy.account]
    return {
        "deputy": deputies,
        "department": [county.handler, county.unit_head],
        "office": [county.affairs, county.office],
        "public": [],
    }


@pytest.fixture
def strangers(county):
    """People with the same posts elsewhere: in the same county another unit, a township's congress, a dispatcher to whom it
    was not given; and the whole of another county."""
    street = county.street.code
    congress = Congress.objects.create(name="望江镇人大", level=CongressLevel.TOWNSHIP, region=county.street)
    term = Term.objects.create(congress=congress, number=3, starts_on=LONG_AGO, ends_on=date(2027, 2, 1))
    neighbour = county.make_deputy("何伟")
    Mandate.objects.filter(deputy=neighbour).update(term=term)
    forget_jurisdictions()
    other = County(code="990107", name="青石区")
    return {
        "deputy": [Account.objects.get(pk=neighbour.account_id), other.deputy.account],
        "department": [county.street_handler, county.street_unit_head, other.handler, other.unit_head],
        "office": [
            county.appoint(Role.STREET_DIRECTOR, area=street), county.dispatcher, other.affairs, other.office,
            other.committee, other.chair, other.dispatcher,
        ],
        "public": [],
    }  # fmt: skip


def asked(client, address):
    """Opened, or sent with next to nothing where it can only be sent; what that does is undone."""
    with transaction.atomic():
        answer = client.get(address)
        if answer.status_code == 405:
            answer = client.post(address, {"version": "1"})
        transaction.set_rollback(True)
    return answer.status_code


def test_the_portals_have_such_addresses():
    assert PORTALS == ["department", "deputy", "office", "public"]
    assert len(ROUTES) > 70


@pytest.mark.parametrize("portal", ["department", "deputy", "office"])
def test_strangers_with_the_same_post_elsewhere_find_nothing_under_any_address(portal, insiders, strangers, parts):
    own = [signed_in(each) for each in insiders[portal]]
    others = [(each, signed_in(each)) for each in strangers[portal]]
    wrong = {}
    for name, route in ROUTES.items():
        if not name.startswith(f"{portal}:"):
            continue
        address = reverse(name, kwargs=parts(name))
        admitted = [browser for account, browser in others if account.permissions & set(route.callback.admits)]
        found = {asked(browser, address) for browser in admitted}
        known = {asked(browser, address) for browser in own} - {403}
        if found != {404}:
            wrong[name] = f"strangers get {found}"
        elif known <= {404} and name not in NOT_OF_THIS_ONE:
            wrong[name] = f"its own get {known}"
    assert wrong == {}


# What its own people find nothing at in this state either; their own tests open it in another.
NOT_OF_THIS_ONE = {
    # Only of a draft; of a file in it.
    "department:proposal-reply-preview", "department:proposal-reply-file-remove",
    # Only the government's office, to which this one was not given.
    "office:proposal-assign-by-government", "office:proposal-return-from-government",
}  # fmt: skip


def test_the_public_finds_only_what_was_released(county, answered, parts):
    address = reverse("public:proposal", kwargs=parts("public:proposal"))
    assert asked(Client(), address) == 404
    with county.within():
        words = publishing.proposed_words(answered)
        release = publishing.propose(answered, publicity=Publicity.FULL, **words, by=county.affairs, at=NOW)
    assert asked(Client(), address) == 404
    with county.within():
        publishing.approve(release, by=county.office, at=NOW + timedelta(hours=1))
    assert asked(Client(), address) == 200
