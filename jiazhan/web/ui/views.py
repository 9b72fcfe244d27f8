"""Pages that belong to no portal: the size of text, refusals and failures, the gallery of components."""

import errno
import sys
from functools import wraps

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiazhan.web.ui import gallery_samples
from jiazhan.web.ui.guards import anyone
from jiazhan.web.ui.text_size import COOKIE, SIZES

A_YEAR = 365 * 24 * 3600


@anyone
@require_safe
def choose_text_size(request, size):
    """Remember the size of text in a cookie and go back; 404 for a size that is not offered."""
    after = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(after, allowed_hosts=None):
        after = "/"
    answer = HttpResponseRedirect(after)
    if size == "standard":
        answer.delete_cookie(COOKIE)
    elif size in SIZES:
        answer.set_cookie(COOKIE, size, max_age=A_YEAR, samesite="Lax", httponly=True)
    else:
        raise Http404
    return answer


def explain(request, *, status, title, what, todo, home_url="/"):
    """A page that says what happened and what to do. Uses no database and no session."""
    return render(
        request,
        "ui/error.html",
        {"status": status, "heading": title, "what": what, "todo": todo, "home_url": home_url},
        status=status,
    )


def bad_request(request, exception=None):
    """handler400. A body over the limits is told apart, because the person can do something about it."""
    if isinstance(exception, (RequestDataTooBig, TooManyFilesSent)):
        return too_large(request)
    return explain(
        request,
        status=400,
        title=_("这个请求没有看懂"),
        what=_("可能是链接不完整，或者页面停留太久。"),
        todo=_("请返回上一页刷新后再试一次。"),
    )


def forbidden(request, exception=None):
    """handler403."""
    return explain(
        request,
        status=403,
        title=_("您的账号不能看这个页面"),
        what=_("这里的内容只对办理它的人开放。"),
        todo=_("如果工作需要，请联系本单位的管理员为您开通；也可以换一个账号登录。"),
    )


def csrf_failure(request, reason=""):
    """CSRF_FAILURE_VIEW: most often a page that was open for too long, or cookies switched off."""
    return explain(
        request,
        status=403,
        title=_("页面放得太久，提交没有成功"),
        what=_("为了安全，这次提交没有被接收，没有任何内容被改动。"),
        todo=_("请返回上一页，刷新后再提交；如果还是不行，请允许浏览器保存 Cookie。"),
    )


def not_found(request, exception=None):
    """handler404; also what a stranger sees of a matter that is not theirs."""
    return explain(
        request,
        status=404,
        title=_("没有找到这个页面"),
        what=_("链接可能写错了，或者内容已经撤下。"),
        todo=_("请核对地址。查办理进度，请用提交时给您的查询码。"),
    )


def too_large(request):
    return explain(
        request,
        status=413,
        title=_("文件太大，没有收下"),
        what=_("一次上传的内容超过了上限，这次提交没有保存。"),
        todo=_("请返回上一页，减少照片张数或换小一些的照片再提交。"),
    )


def too_many_requests(request, *, wait_seconds):
    """429, with the wait in whole minutes and in the Retry-After header."""
    minutes = max(1, -(-wait_seconds // 60))
    answer = explain(
        request,
        status=429,
        title=_("操作太频繁，请歇一会儿"),
        what=_("为防止机器刷屏，短时间内的次数有限制。您已经提交的内容都在。"),
        todo=_("请约 %(minutes)s 分钟后再试；急事请直接打联络站电话。") % {"minutes": minutes},
    )
    answer["Retry-After"] = str(wait_seconds)
    return answer


def is_database_away(error):
    """Whether an error means no connection to the database, as opposed to a statement that was refused or timed out."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(("08", "53", "57P"))


def server_error(request):
    """handler500. An unreachable database and a full disk are told apart: nothing is broken, and something helps."""
    failure = sys.exc_info()[1]
    if is_database_away(failure):
        return database_down(request)
    if isinstance(failure, OSError) and failure.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(request)
    return explain(
        request,
        status=500,
        title=_("系统出了点问题"),
        what=_("不是您的操作有误。刚才这一步可能没有完成，之前提交的内容都在。"),
        todo=_("请稍后刷新再试；如果一直这样，请联系联络站工作人员。"),
    )


def disk_full(request):
    """507 where a file found no room, often before a view saw the form."""
    return explain(
        request,
        status=507,
        title=_("文件暂时存不下"),
        what=_("服务器的存储空间满了，这次提交没有保存，之前提交的内容都在。"),
        todo=_("请返回上一页，先不带照片和文件提交；急事请直接打联络站电话。管理员会尽快处理。"),
    )


def database_down(request):
    """503 while the database cannot be reached; nothing acknowledged is lost."""
    answer = explain(
        request,
        status=503,
        title=_("系统正在维护，请稍候"),
        what=_("暂时读不到数据。您之前提交的内容都安全保存着，排队的通知会在恢复后发出。"),
        todo=_("请几分钟后刷新本页。正在填写的内容请先不要关闭页面。"),
    )
    answer["Retry-After"] = "60"
    return answer


def only_in_debug(view):
    """Hide a page from everyone but the people who write pages: 404 unless settings.DEBUG."""

    @wraps(view)
    def hidden(request, *args, **kwargs):
        if not settings.DEBUG:
            raise Http404
        return view(request, *args, **kwargs)

    return hidden


@anyone
@only_in_debug
def gallery(request):
    """Every component with short, long and empty samples; only in debug."""
    return render(request, "ui/gallery/index.html", gallery_samples.components())


@anyone
@only_in_debug
def frame(request, frame):
    """A frame with a sample page in it; only in debug."""
    if frame not in ("public", "deputy", "office", "department"):
        raise Http404
    return render(request, f"ui/gallery/{frame}.html", gallery_samples.frames())


@anyone
@only_in_debug
def error_page(request, status):
    """The page of a status as it looks when it happens; only in debug."""
    pages = {
        400: bad_request,
        403: forbidden,
        404: not_found,
        413: too_large,
        500: server_error,
        503: database_down,
        507: disk_full,
    }
    if status == 429:
        return too_many_requests(request, wait_seconds=300)
    if status not in pages:
        raise Http404
    return pages[status](request)
