"""Open matters near by that may be the same one, shown before sending; each with a sealed reference, so that a stranger
can join only what was shown to them."""

import uuid
from dataclasses import dataclass

from django.core import signing
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiazhan.kernel.text import mask
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.selectors import similar_open
from jiazhan.opinions.states import WORKFLOW
from jiazhan.places.models import Station
from jiazhan.web.ui.words import ago

from .draft import Draft

_SALT = "jiazhan similar matter"
VALID_SECONDS = 2 * 24 * 3600


@dataclass(frozen=True)
class Near:
    ref: str
    title: str
    words: str
    people: int


def near(station: Station, draft: Draft) -> list[Near]:
    """The three likest, with personal details masked."""
    found = similar_open(f"{draft.title}\n{draft.body}", station=station, community=draft.community)
    return [_near(each.opinion, each.title, each.people) for each in found]


def in_words(matters: list[Near]) -> str:
    people = sum(each.people for each in matters)
    return ngettext("同一个地方已有 %(n)s 人反映类似的事", "同一个地方已有 %(n)s 人反映类似的事", people) % {
        "n": people
    }


def opened(ref: str, station: Station) -> tuple[Opinion, Near]:
    """The matter behind a reference that we gave out. 404 for one that we did not."""
    try:
        opinion_id = uuid.UUID(signing.loads(ref, salt=_SALT, max_age=VALID_SECONDS))
        opinion = Opinion.objects.get(jurisdiction=station.jurisdiction, pk=opinion_id)
    except (signing.BadSignature, ValueError, Opinion.DoesNotExist) as error:
        raise Http404 from error
    return opinion, _near(opinion, mask(opinion.title), opinion.headcount + opinion.supporters_count)


def _near(opinion: Opinion, title: str, people: int) -> Near:
    said = [_("%(n)s 人反映") % {"n": people}, ago(opinion.raised_at), str(WORKFLOW.labels[opinion.state][0])]
    return Near(signing.dumps(str(opinion.pk), salt=_SALT), title, " · ".join(said), people)
