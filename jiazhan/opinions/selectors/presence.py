"""What a matter has besides itself, asked in one statement, so that a page reads only what is there."""

from django.db import connection

from ..choices import Recipient
from ..models import Opinion

_OF_OPINION = {
    "deputy_opinions": "opinions_deputyopinion", "official_opinions": "opinions_officialopinion", "reviews": "opinions_review",
    "replies": "opinions_reply", "messages": "opinions_message", "deliveries": "opinions_delivery", "ratings": "opinions_rating",
    "promises": "opinions_promise", "settlements": "opinions_settlement", "objections": "opinions_objection",
    "extensions": "opinions_extension", "publications": "opinions_publication", "supporters": "opinions_supporter",
}  # fmt: skip
_OF_SUBJECT = {"attachments": "documents_attachment", "documents": "documents_document"}
_PARTS = (
    [
        f"EXISTS (SELECT FROM {table} WHERE jurisdiction = %(j)s AND opinion_id = %(id)s)"
        for table in _OF_OPINION.values()
    ]
    + [
        f"EXISTS (SELECT FROM {table} WHERE jurisdiction = %(j)s AND subject_id = %(text)s)"
        for table in _OF_SUBJECT.values()
    ]
    + [
        "EXISTS (SELECT FROM opinions_opinion WHERE jurisdiction = %(j)s AND merged_into_id = %(id)s)",
        *(
            "EXISTS (SELECT FROM opinions_delivery WHERE jurisdiction = %(j)s AND opinion_id = %(id)s"
            f" AND round = %(round)s AND recipient = '{each}' AND seen_at IS NULL)"
            for each in (Recipient.DEPUTY, Recipient.OFFICE)
        ),
        "EXISTS (SELECT FROM opinions_reply r JOIN documents_attachment a ON a.jurisdiction = r.jurisdiction"
        " AND a.subject_id = r.id::text WHERE r.jurisdiction = %(j)s AND r.opinion_id = %(id)s)",
    ]
)
# Unseen: the reply of the running round reached the deputy, or the office, who did not open it yet.
_NAMES = (*_OF_OPINION, *_OF_SUBJECT, "merged", "unseen_by_deputy", "unseen_by_office", "reply_files")
_QUERY = f"SELECT {', '.join(_PARTS)}"


def parts_of(opinion: Opinion) -> frozenset[str]:
    """The names of what is there: "replies", "ratings", "documents", "merged" … Within the transaction's scope."""
    with connection.prepared() as cursor:  # type: ignore[attr-defined]
        cursor.execute(
            _QUERY, {"j": opinion.jurisdiction, "id": opinion.pk, "text": str(opinion.pk), "round": opinion.round}
        )
        found = cursor.fetchone()
    return frozenset(name for name, is_there in zip(_NAMES, found, strict=True) if is_there)
