"""Which jurisdictions an account may look into; what it sees there is each app's own `visible_to`."""

from jiazhan.places.selectors import jurisdictions_served

from .models import Account


def jurisdictions_of(account: Account) -> frozenset[str]:
    """The jurisdictions that lie under, or hold, the areas of the posts in force; for a deputy also those of the
    stations it is attached to; for a resident all that are served, because their matters may lie anywhere.

    The county of a post counts before its first station opens, so that an empty instance can be set up.
    """
    served = jurisdictions_served()
    if account.kind == account.Kind.RESIDENT:
        return frozenset(served)
    areas = set(account.areas)
    if hasattr(account, "deputy"):
        attachments = account.deputy.attachments.filter(ends_on=None)
        areas |= set(attachments.values_list("station__jurisdiction", flat=True))
    own = {area[:6] for area in account.areas if len(area) >= 6}
    return frozenset(own | {code for code in served for area in areas if code.startswith(area[:6])})
