"""Which matters this browser may follow: put into its session by sending, or by entering a follow-up code."""

import base64
import uuid
from dataclasses import asdict, dataclass

from django.http import HttpRequest

from jiazhan.people import crypto

KEY = "following"
MOST = 20


@dataclass(frozen=True)
class Grant:
    """One matter, as its author or as somebody who joined (`supporter_id`). The code is kept sealed."""

    jurisdiction: str
    opinion_id: str
    supporter_id: str = ""
    sealed_code: str = ""

    @property
    def code(self) -> str:
        return crypto.decrypt(base64.b64decode(self.sealed_code))


def give(
    request: HttpRequest, *, jurisdiction: str, opinion_id: uuid.UUID, code: str, supporter_id: uuid.UUID | None = None
) -> Grant:
    """Remember it in the session, the newest first, at most twenty."""
    sealed = base64.b64encode(crypto.encrypt(code)).decode()
    grant = Grant(jurisdiction, str(opinion_id), str(supporter_id or ""), sealed)
    others = [
        each for each in _all(request) if (each.opinion_id, each.supporter_id) != (grant.opinion_id, grant.supporter_id)
    ]
    request.session[KEY] = [asdict(each) for each in [grant, *others][:MOST]]
    return grant


def found(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> Grant | None:
    """The grant for a matter; the author's goes before a supporter's."""
    fitting = [
        each for each in _all(request) if (each.jurisdiction, each.opinion_id) == (jurisdiction, str(opinion_id))
    ]
    return min(fitting, key=lambda each: bool(each.supporter_id), default=None)


def forget(request: HttpRequest) -> None:
    """Follow nothing any more from this browser: for a shared phone."""
    request.session.pop(KEY, None)


def _all(request: HttpRequest) -> list[Grant]:
    return [Grant(**each) for each in request.session.get(KEY, ())]
