"""What a unit does with a proposal besides its answer: receive, object, choose a handler, talk, ask for time, explain."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiazhan.people.permissions import Permission
from jiazhan.suggestions.services import extensions, promises, supervising, units
from jiazhan.suggestions.services.checking import deputies_of
from jiazhan.web.ui.forms import Form
from jiazhan.web.ui.guards import needs

from .proposal_forms import ContactForm, ExtensionForm, HandlerForm, ObjectionForm, PromiseForm, UrgingForm
from .proposal_page import attempt, on_my_desk


@needs(Permission.PROPOSAL_HANDLE)
@require_POST
def sign(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    handling = on_my_desk(request, jurisdiction, proposal_id)
    return attempt(
        request, handling, "sign", Form(request.POST), units.sign, done=_("已签收，代表和交办单位会收到通知。")
    )


@needs(Permission.PROPOSAL_HANDLE)
@require_POST
def object_to(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    handling = on_my_desk(request, jurisdiction, proposal_id)
    form = ObjectionForm(request.POST, handling=handling)
    return attempt(request, handling, "object", form, units.object_to, done=_("异议已提出，交办单位裁定后会通知您。"))


@needs(Permission.PROPOSAL_HANDLE)
@require_POST
def assign_handler(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    handling = on_my_desk(request, jurisdiction, proposal_id)
    form = HandlerForm(request.POST, handling=handling)
    return attempt(request, handling, "handler", form, units.assign_handler, done=_("经办人已确定，并已通知本人。"))


@needs(Permission.PROPOSAL_HANDLE)
@require_POST
def log_contact(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    handling = on_my_desk(request, jurisdiction, proposal_id)
    owed = [deputy for _signed, deputy in deputies_of(handling.proposal)]
    form = ContactForm(request.POST, handling=handling, owed=owed)
    done = _("沟通情况已登记，代表会收到通知。")
    return attempt(request, handling, "contact", form, units.log_contacts, done=done, at="contacts")


@needs(Permission.PROPOSAL_SIGN_REPLY)
@require_POST
def request_extension(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    handling = on_my_desk(request, jurisdiction, proposal_id)
    done = _("延期申请已提交。批准以前，仍按原期限办理。")
    form = ExtensionForm(request.POST)
    return attempt(request, handling, "extension", form, extensions.request_extension, done=done)


@needs(Permission.PROPOSAL_HANDLE)
@require_POST
def explain_promise(
    request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID, promise_id: uuid.UUID
) -> HttpResponse:
    handling = on_my_desk(request, jurisdiction, proposal_id)
    promise = handling.proposal.promises.filter(pk=promise_id, reply__handling=handling).first()
    if promise is None:
        raise Http404
    form = PromiseForm(request.POST, of=str(promise.pk))

    def explain(_handling, *, text, by, at):  # type: ignore[no-untyped-def]
        return promises.explain(promise, text=text, by=by, at=at)

    done = _("落实情况已记下，代表会收到通知并确认是否兑现。")
    return attempt(request, handling, f"promise-{promise.pk}", form, explain, done=done, at="promises")


@needs(Permission.PROPOSAL_HANDLE)
@require_POST
def answer_urging(
    request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID, urging_id: uuid.UUID
) -> HttpResponse:
    handling = on_my_desk(request, jurisdiction, proposal_id)
    urging = handling.proposal.urgings.filter(pk=urging_id, unit=handling.unit_id).first()
    if urging is None:
        raise Http404
    form = UrgingForm(request.POST, of=str(urging.pk))

    def answer(_handling, *, text, by, at):  # type: ignore[no-untyped-def]
        return supervising.answer_urging(urging, text=text, by=by, at=at)

    done = _("回复已送出，发函单位会收到通知。")
    return attempt(request, handling, f"urging-{urging.pk}", form, answer, done=done, at="urgings")
