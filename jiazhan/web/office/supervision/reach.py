"""Who supervises, and for which congress."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from jiazhan.documents.files import checking
from jiazhan.documents.files.checking import Checked
from jiazhan.documents.files.refusals import FileRefused
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission
from jiazhan.web.office.frame import forget_draft


def areas_of(user: Account) -> tuple[str, ...]:
    """The areas of the congresses whose proposals the person reads."""
    return tuple(dict.fromkeys(post.area for post in user.posts_with(Permission.PROPOSAL_READ)))


def done(request: HttpRequest, said: Any, route: str, *, draft: str = "", **where: Any) -> HttpResponse:
    """Say that it went well, and go back to the page."""
    messages.success(request, str(said))
    if draft:
        forget_draft(request, draft)
    return redirect(route, **where)


def checked_files(request: HttpRequest, name: str) -> tuple[list[Checked], list[str]]:
    """The files that may be kept, and a sentence on each of the others."""
    kept: list[Checked] = []
    refused: list[str] = []
    for each in request.FILES.getlist(name):
        try:
            kept.append(checking.check(each, name=each.name or ""))
        except FileRefused as refusal:
            refused.append(str(refusal))
    return kept, refused
