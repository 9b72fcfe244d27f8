"""What a proposal can be found by: the bigrams of its words, as the search indexes hold them."""

from typing import Any

from jiazhan.kernel.vectors import terms_of

from .models import Proposal


def of(proposal: Proposal) -> dict[str, Any]:
    """Values for `terms` and `headline`; whoever writes a text that others may find stores both with it."""
    body = [proposal.title, proposal.facts, proposal.cause, proposal.request, proposal.lead.name]
    return {"terms": terms_of(*body), "headline": terms_of(proposal.title)}
