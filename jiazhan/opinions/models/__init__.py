"""What is stored of an opinion: the matter, the people behind it, its letter, its replies and how it ended."""

from .ending import Delivery, Promise, Publication, Rating, Settlement
from .handling import Assignment, Extension, Message, Objection, Reply
from .importing import ImportRun
from .letter import OfficialOpinion, Review, TransferLetter
from .opinion import Category, DeputyOpinion, Opinion, Supporter

__all__ = [
    "Assignment",
    "Category",
    "Delivery",
    "DeputyOpinion",
    "Extension",
    "ImportRun",
    "Message",
    "Objection",
    "OfficialOpinion",
    "Opinion",
    "Promise",
    "Publication",
    "Rating",
    "Reply",
    "Review",
    "Settlement",
    "Supporter",
    "TransferLetter",
]
