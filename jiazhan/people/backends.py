"""Who a session belongs to: read with each request, and so by statements that are kept prepared."""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from jiazhan.kernel.prepared import prepared

from .models import Account


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's, with the account read together with the deputy that it may be."""

    def get_user(self, user_id: Any) -> Account | None:
        found = _with_deputy(UUID(str(user_id)))
        return found[0] if found and self.user_can_authenticate(found[0]) else None


@prepared
def _with_deputy(account_id: UUID) -> QuerySet[Account]:
    return Account.objects.select_related("deputy").filter(pk=account_id)
