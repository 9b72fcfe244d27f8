"""What is stored of proposals and motions, and of meetings with the heads of state organs."""

from .ending import Evaluation, Promise, PromiseSaid, PromiseWord, Publication, Settlement
from .handling import (
    AssignmentLetter,
    AssistOpinion,
    Batch,
    Contact,
    Extension,
    Handling,
    Objection,
    Reply,
    ReplyCopy,
)
from .meeting import MeetingDeputy, MeetingQuestion, OfficialMeeting
from .proposal import Cosigner, Proposal, ProposalText, Source
from .supervision import Follow, KeyProposal, Urging, Visit

__all__ = [
    "AssignmentLetter",
    "AssistOpinion",
    "Batch",
    "Contact",
    "Cosigner",
    "Evaluation",
    "Extension",
    "Follow",
    "Handling",
    "KeyProposal",
    "MeetingDeputy",
    "MeetingQuestion",
    "Objection",
    "OfficialMeeting",
    "Promise",
    "PromiseSaid",
    "PromiseWord",
    "Proposal",
    "ProposalText",
    "Publication",
    "Reply",
    "ReplyCopy",
    "Settlement",
    "Source",
    "Urging",
    "Visit",
]
