"""Whose desk works on proposals, and for which congress."""

from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission as P
from jiazhan.people.roles import ROLES, Role
from jiazhan.places.models import Congress, Term

# The congress's organs, and the government's dispatcher.
DESK = (P.PROPOSAL_READ, P.PROPOSAL_GOV_ASSIGN)
# A subdistrict (街道) has codes 001–099 and no congress; townships have theirs from 100 on.
FIRST_TOWNSHIP = 100


def areas_of(user: Account, *permissions: P) -> tuple[str, ...]:
    """The areas of the congresses for which the person's posts give any of the permissions (reading, unless given)."""
    wanted = permissions or DESK
    return tuple(
        dict.fromkeys(
            post.area
            for post in user.current_posts
            if ROLES[Role(post.role)].permissions.intersection(wanted) and has_congress(post.area)
        )
    )


def has_congress(area: str) -> bool:
    """Whether an area can have a congress: a subdistrict has none."""
    return len(area) != 9 or int(area[6:]) >= FIRST_TOWNSHIP


def works_here(user: Account) -> bool:
    """Whether proposals belong on this person's desk."""
    return bool(areas_of(user))


def terms_of(area: str) -> list[Term]:
    """The terms of an area's congress, newest first."""
    congress = Congress.objects.filter(region=area).first()
    return list(congress.terms.order_by("-number")) if congress else []
