"""The words between the author and the handling unit, as each of them may see them: neither sees the other's number."""

from dataclasses import dataclass
from datetime import datetime

from jiazhan.kernel.text import mask_contacts

from ..models import Message, Opinion
from ..models.handling import Speaker
from . import dossier


@dataclass(frozen=True)
class Said:
    """One message. `is_masked` tells the page to say that a number was left out."""

    text: str
    at: datetime
    is_author: bool
    is_masked: bool


def conversation_for_author(opinion: Opinion) -> list[Said]:
    """What both said, oldest first; a unit's own telephone number is no secret."""
    return [_said(message, message.text) for message in _messages(opinion)]


def conversation_for_unit(opinion: Opinion) -> list[Said]:
    """What both said, with the numbers and addresses in the author's words left out, unless the author lets units see them."""
    if not opinion.is_anonymous and not opinion.is_hidden_from_units:
        return conversation_for_author(opinion)
    return [
        _said(message, mask_contacts(message.text) if message.speaker == Speaker.AUTHOR else message.text)
        for message in _messages(opinion)
    ]


def holds_contact(text: str) -> bool:
    """Whether a page should warn before sending: the text holds a number or an address that reaches a person."""
    return mask_contacts(text) != text


def _messages(opinion: Opinion) -> list[Message]:
    return dossier.messages(opinion.jurisdiction, opinion.pk)


def _said(message: Message, text: str) -> Said:
    return Said(text, message.at, message.speaker == Speaker.AUTHOR, text != message.text)
