"""The only way to a proposal on somebody's behalf: who sees it, and who may take which step.

Its deputies see their own from the first draft (an invited one from the invitation); the congress's organs what was
submitted to their congress; a unit what it hosts or assists while it does; the government's dispatcher what was handed to
the government; the other deputies of the congress what was accepted, in former terms too. Strangers get 404. Of what units write, each sees its
own drafts and what others have signed (`assist_opinions_for`, `replies_for`).
"""

import uuid

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from jiazhan.audit import Acting
from jiazhan.kernel.outcomes import ReplyState
from jiazhan.kernel.refusals import NotVisible as NotVisible
from jiazhan.kernel.refusals import NotYours as NotYours
from jiazhan.people.models import Account, Deputy, Mandate, Post
from jiazhan.people.permissions import Permission
from jiazhan.people.roles import ROLES, Role

from .choices import Consent
from .models import AssistOpinion, Cosigner, Handling, OfficialMeeting, Proposal, Reply
from .states import ACCEPTED_EVER, HANDLING, HOLDING, MEETING, WITH_UNITS, WORKFLOW, MeetingState, State

IN_UNIT = frozenset({Role.HANDLER, Role.UNIT_HEAD})
READING = frozenset({Permission.PROPOSAL_READ})
# What lies with the congress's organs: everything but a text that its author has not handed in.
SUBMITTED_EVER = frozenset(set(State) - {State.DRAFT, State.COSIGNING, State.WITHDRAWN})
# A text that was withdrawn is its author's own again, unless it was ever submitted.
ASKED = [Consent.INVITED, Consent.CONFIRMED, Consent.CHANGED, Consent.LAPSED]


def visible_to(user: Account) -> QuerySet[Proposal]:
    """The proposals that the person may read."""
    seen = Q(pk__in=[])
    for post in user.current_posts:
        seen |= _seen_from(post)
    if hasattr(user, "deputy"):
        seen |= _seen_by_deputy(user.deputy)
    return Proposal.objects.filter(seen)


def visible_to_deputy(deputy: Deputy) -> QuerySet[Proposal]:
    """What the person may read as a deputy, whatever posts they hold besides."""
    return Proposal.objects.filter(_seen_by_deputy(deputy))


def get_for(user: Account, jurisdiction: str, proposal_id: uuid.UUID | str) -> Proposal:
    """The proposal, if this person may read it. Raises NotVisible (a 404) otherwise."""
    try:
        rows = visible_to(user).select_related("term__congress", "session", "lead", "category", "host")
        return rows.get(jurisdiction=jurisdiction, pk=proposal_id)
    except (Proposal.DoesNotExist, ValidationError) as error:
        raise NotVisible(_("没有找到这件建议。")) from error


def may(user: Acting, step: str, proposal: Proposal) -> bool:
    """Whether the step is this person's to take on this proposal; its state is the workflow's to judge."""
    permission = WORKFLOW.steps[step].permission
    if permission is None:
        # Not a person's button: services that take such a step check the deputy or run for the system.
        return True
    return isinstance(user, Account) and holds(user, Permission(permission), proposal)


def require(user: Acting, step: str, proposal: Proposal) -> None:
    """Raises NotYours unless the step is this person's to take."""
    if not may(user, step, proposal):
        raise NotYours


def holds(user: Account, permission: Permission, proposal: Proposal) -> bool:
    """Whether the person holds a permission over this very proposal."""
    if permission == Permission.PROPOSAL_ASSIGN and proposal.through_government and proposal.assigned_at:
        # Who assigned rules, grants more time and orders anew.
        permission = Permission.PROPOSAL_GOV_ASSIGN
    if permission not in user.permissions:
        return False
    if permission == Permission.PROPOSAL_WRITE:
        return is_lead(user, proposal) and sits(user.deputy, proposal)
    if permission in {Permission.PROPOSAL_HANDLE, Permission.PROPOSAL_SIGN_REPLY}:
        return part_of(user, proposal) is not None
    return any(covers(post, proposal) for post in user.posts_with(permission))


def require_held(user: Account, permission: Permission, proposal: Proposal) -> None:
    """Raises NotYours unless the person holds the permission over this proposal."""
    if not holds(user, permission, proposal):
        raise NotYours


def covers(post: Post, proposal: Proposal) -> bool:
    """Whether a post's place takes in a proposal: the congress's own area, or for the government its county or city."""
    if post.role == Role.GOV_DISPATCHER:
        return proposal.jurisdiction == post.area and proposal.through_government
    return post.area == proposal.congress_area


def may_part(user: Acting, step: str, handling: Handling) -> bool:
    """Whether a step of a unit's part is this person's: the unit's own people, or whoever assigned it."""
    permission = HANDLING.steps[step].permission
    if not isinstance(user, Account) or permission is None:
        return False
    if permission in {Permission.PROPOSAL_HANDLE, Permission.PROPOSAL_SIGN_REPLY}:
        posts = user.posts_with(Permission(permission))
        return permission in user.permissions and any(post.unit_id == handling.unit_id for post in posts)
    return holds(user, Permission.PROPOSAL_ASSIGN, handling.proposal) or holds(
        user, Permission.PROPOSAL_GOV_ASSIGN, handling.proposal
    )


def require_part(user: Acting, step: str, handling: Handling) -> None:
    """Raises NotYours unless the step of a unit's part is this person's to take."""
    if not may_part(user, step, handling):
        raise NotYours


def part_of(user: Account, proposal: Proposal) -> Handling | None:
    """The part that the person's unit holds in the proposal."""
    units = [post.unit_id for post in user.current_posts if post.role in IN_UNIT]
    if not units:
        return None
    rows = proposal.handlings.filter(unit__in=units, state__in=HOLDING).select_related("unit", "handler")
    return rows.order_by("part", "id").first()


def parts_of(user: Account) -> QuerySet[Handling]:
    """All parts that the person's units hold."""
    units = [post.unit_id for post in user.current_posts if post.role in IN_UNIT]
    return Handling.objects.filter(unit__in=units, state__in=HOLDING)


def assist_opinions_for(user: Account, proposal: Proposal) -> QuerySet[AssistOpinion]:
    """The assisting units' opinions that the person may read: signed ones, and drafts of the own unit alone."""
    own = [post.unit_id for post in user.current_posts if post.role in IN_UNIT]
    rows = AssistOpinion.objects.filter(handling__proposal=proposal, jurisdiction=proposal.jurisdiction)
    return rows.filter(Q(state=ReplyState.SIGNED) | Q(handling__unit__in=own))


def replies_for(user: Account, proposal: Proposal) -> QuerySet[Reply]:
    """The replies that the person may read: signed ones, and drafts of the own unit alone."""
    own = [post.unit_id for post in user.current_posts if post.role in IN_UNIT]
    return proposal.replies.filter(Q(state=ReplyState.SIGNED) | Q(handling__unit__in=own))


def is_lead(user: Account, proposal: Proposal) -> bool:
    return hasattr(user, "deputy") and proposal.lead_id == user.deputy.pk


def sits(deputy: Deputy, proposal: Proposal) -> bool:
    """Whether the deputy's mandate in that term of that congress is in force (§14 rules 1 and 17)."""
    return deputy.mandates.in_force().filter(term=proposal.term_id).exists()


def signers(proposal: Proposal) -> list[Deputy]:
    """Everyone who stands behind the text: the lead, and the co-signers who confirmed it as it stands, in their order."""
    confirmed = proposal.cosigners.filter(consent=Consent.CONFIRMED).select_related("deputy__account")
    return [proposal.lead, *(each.deputy for each in confirmed.order_by("decided_at", "id"))]


def meetings_for(user: Account) -> QuerySet[OfficialMeeting]:
    """The meetings with heads of organs that the person may read: who takes part, the unit asked, the congress's organs."""
    seen = Q(pk__in=[])
    for post in user.current_posts:
        permissions = ROLES[Role(post.role)].permissions
        if Permission.PROPOSAL_READ in permissions or Permission.MEETING_ARRANGE in permissions:
            seen |= Q(congress_area=post.area)
        if post.role in IN_UNIT:
            seen |= Q(unit=post.unit_id) & ~Q(
                state__in=[MeetingState.REQUESTED, MeetingState.DECLINED, MeetingState.WITHDRAWN]
            )
    if hasattr(user, "deputy"):
        seen |= Q(lead=user.deputy) | Q(deputies__deputy=user.deputy)
    return OfficialMeeting.objects.filter(seen).distinct()


def meeting_for(user: Account, jurisdiction: str, meeting_id: uuid.UUID | str) -> OfficialMeeting:
    """The meeting, if this person may read it. Raises NotVisible (a 404) otherwise."""
    try:
        rows = meetings_for(user).select_related("term__congress", "unit", "lead")
        return rows.get(jurisdiction=jurisdiction, pk=meeting_id)
    except (OfficialMeeting.DoesNotExist, ValidationError) as error:
        raise NotVisible(_("没有找到这次约见。")) from error


def may_meeting(user: Acting, step: str, meeting: OfficialMeeting) -> bool:
    """Whether a step of a meeting is this person's to take."""
    permission = MEETING.steps[step].permission
    if permission is None:
        return True
    if not isinstance(user, Account) or permission not in user.permissions:
        return False
    if permission == Permission.PROPOSAL_WRITE:
        return hasattr(user, "deputy") and meeting.lead_id == user.deputy.pk
    return any(post.area == meeting.congress_area for post in user.posts_with(Permission(permission)))


def _seen_from(post: Post) -> Q:
    permissions = ROLES[Role(post.role)].permissions
    seen = Q(pk__in=[])
    if Permission.PROPOSAL_READ in permissions:
        submitted = Q(state__in=SUBMITTED_EVER) | Q(submitted_at__isnull=False)
        seen |= Q(congress_area=post.area) & submitted
    if post.role in IN_UNIT:
        seen |= Q(
            Exists(
                Handling.objects.filter(
                    proposal=OuterRef("pk"), jurisdiction=OuterRef("jurisdiction"), unit=post.unit_id, state__in=HOLDING
                )
            )
        )
    if post.role == Role.GOV_DISPATCHER:
        seen |= Q(
            jurisdiction=post.area, through_government=True, state__in={State.AT_GOVERNMENT, State.CLOSED} | WITH_UNITS
        )
    return seen


def _seen_by_deputy(deputy: Deputy) -> Q:
    asked = Cosigner.objects.filter(
        proposal=OuterRef("pk"), jurisdiction=OuterRef("jurisdiction"), deputy=deputy, consent__in=ASKED
    )
    areas = Mandate.objects.filter(deputy=deputy).values("term__congress__region")
    return (
        Q(lead=deputy) | Q(Exists(asked)) & ~Q(state=State.DRAFT) | Q(state__in=ACCEPTED_EVER, congress_area__in=areas)
    )
