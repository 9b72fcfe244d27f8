"""Rules that pages and acts ask alike: whose proposals are handled here, how many must sign, until when one evaluates."""

from datetime import date

from django.utils import timezone

from jiazhan.kernel import calendar, parameters
from jiazhan.places.models import CongressLevel, Term
from jiazhan.places.selectors import congresses_above_counties, jurisdictions_served

from . import parameters as names
from .choices import Kind
from .models import Proposal, Reply


def sits_here(term: Term) -> bool:
    """Whether the proposals of that congress are handled by this instance."""
    area = term.congress.region_id or ""
    if term.congress.level in {CongressLevel.COUNTY, CongressLevel.TOWNSHIP}:
        return area[:6] in jurisdictions_served()
    return area in congresses_above_counties()


def signers_needed(proposal: Proposal) -> int:
    """How many deputies, the lead among them, must stand behind it (handbook §1.1)."""
    if proposal.kind != Kind.MOTION:
        return 1
    is_township = proposal.term.congress.level == CongressLevel.TOWNSHIP
    name = names.MOTION_SIGNERS_TOWNSHIP if is_township else names.MOTION_SIGNERS
    return int(parameters.get(name, proposal.congress_area))


def evaluated_until(proposal: Proposal, reply: Reply) -> date:
    """The last day on which a reply may be evaluated: working days from when its round was complete."""
    since = proposal.replied_at if reply.round == proposal.round and proposal.replied_at else reply.signed_at
    days = int(parameters.get(names.EVALUATE, proposal.congress_area))
    return calendar.current().add_workdays(timezone.localdate(since), days)
