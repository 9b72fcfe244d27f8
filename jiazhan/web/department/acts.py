"""What a unit does with a matter besides its reply: receive, object, choose a handler, talk, ask for time, explain."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiazhan.opinions.services import extensions, promises, units
from jiazhan.people.permissions import Permission
from jiazhan.web.ui.guards import needs

from .forms import ExtensionForm, HandlerForm, ObjectionForm, PromiseForm, ReceiveForm, TalkForm
from .matter import attempt, on_my_desk


@needs(Permission.OPINION_HANDLE)
@require_POST
def receive(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    form = ReceiveForm(request.POST)
    return attempt(
        request, opinion, "receive", form, units.sign, done=_("已签收，办理期限开始计算。反映人会收到通知。")
    )


@needs(Permission.OPINION_HANDLE)
@require_POST
def object_to(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    form = ObjectionForm(request.POST, opinion=opinion)
    return attempt(request, opinion, "object", form, units.object_to, done=_("异议已提出，交办单位裁定后会通知您。"))


@needs(Permission.OPINION_HANDLE)
@require_POST
def assign_handler(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    form = HandlerForm(request.POST, opinion=opinion)
    return attempt(request, opinion, "handler", form, units.assign_handler, done=_("经办人已确定，并已通知本人。"))


@needs(Permission.OPINION_HANDLE)
@require_POST
def speak(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    return attempt(
        request, opinion, "talk", TalkForm(request.POST), units.speak, done=_("留言已发出，反映人会收到提醒。")
    )


@needs(Permission.OPINION_HANDLE)
@require_POST
def request_extension(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    form = ExtensionForm(request.POST)
    done = _("延期申请已提交。批准以前，仍按原期限办理。")
    return attempt(request, opinion, "extension", form, extensions.request_extension, done=done)


@needs(Permission.OPINION_HANDLE)
@require_POST
def explain_promise(
    request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, promise_id: uuid.UUID
) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    promise = opinion.promises.filter(pk=promise_id).first()
    if promise is None:
        raise Http404
    form = PromiseForm(request.POST)

    def explain(_opinion, *, text, by, at):  # type: ignore[no-untyped-def]
        return promises.explain_promise(promise, text=text, by=by, at=at)

    return attempt(request, opinion, f"promise-{promise.pk}", form, explain, done=_("完成情况已记下，人大核实后认定。"))
