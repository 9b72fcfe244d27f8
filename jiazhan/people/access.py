"""Which jurisdictions an account may look into; what it sees there is each app's own `visible_to`."""

from jiazhan.places.selectors import jurisdictions_served

from .models import Account


def jurisdictions_of(account: Account) -> frozenset[str]:
    """The jurisdictions served here that lie under, or hold, the areas of the account's posts in force; for a deputy also
    those of the stations it is attached to; for a resident all, because their matters may lie anywhere."""
    served = jurisdictions_served()
    if account.kind == account.Kind.RESIDENT:
        return frozenset(served)
    areas = set(account.areas)
    if hasattr(account, "deputy"):
        areas |= set(account.deputy.attachments.filter(ends_on=None).values_list("station__jurisdiction", flat=True))
    return frozenset(code for code in served for area in areas if code.startswith(area[:6]))
