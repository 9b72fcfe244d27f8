"""What the gallery shows: made-up values with short, long and awkward Chinese text."""

from datetime import date, datetime, timedelta, timezone

from django import forms
from django.utils.safestring import mark_safe

from jiazhan.web.ui.forms import Form
from jiazhan.web.ui.icons import ICONS

LONG = (
    "幸福里小区北门到翠湖路公交站之间约三百米的人行道路灯从上月中旬起全部不亮，晚上接送孩子和老人散步都要打手电，"
    "居民多次向物业反映一直没有结果，希望有关部门尽快查看并告知修复时间"
)
SHANGHAI = timezone(timedelta(hours=8))
NOON = datetime(2026, 11, 18, 12, 5, tzinfo=SHANGHAI)


class SampleForm(Form):
    """A refused form, as `ui.bound` and `ui.error_summary` draw it."""

    title = forms.CharField(label="标题", max_length=60, help_text="一句话说清是什么事。")
    story = forms.CharField(label="经过", widget=forms.Textarea, max_length=5000)
    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), ("road", "道路与照明"), ("water", "供水排水")])
    happened_on = forms.DateField(label="发生日期", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    agreed = forms.BooleanField(label="我已了解内容会转给承办单位")


def refused_form():
    form = SampleForm({"title": "路灯不亮", "story": "", "kind": "", "happened_on": "2026-11-01"})
    form.is_valid()
    return form


def matters():
    return [
        {
            "title": mark_safe("翠湖路<mark>路灯</mark>不亮"),
            "url": "/ui/frame/department/",
            "meta": ("翠湖街道幸福里社区", "道路与照明", "区城管局"),
            "light": "green",
            "words": "还剩 6 个工作日",
            "badges": [],
        },
        {
            "title": LONG,
            "url": "/ui/frame/department/",
            "meta": (
                "云溪区翠湖街道幸福里社区居民委员会",
                "城市管理与市容环境卫生",
                "区住房和城乡建设局（区人民防空办公室）",
            ),
            "light": "amber",
            "words": "今天到期",
            "badges": [("加急", "warn"), ("12 人附议", "info")],
        },
        {
            "title": "自来水发黄，带泥沙 𠮷祥苑 3 号楼 🚰",
            "url": "/ui/frame/public/",
            "meta": ("", "供水排水", "区水务局"),
            "light": "red",
            "words": "已超期 3 个工作日",
            "badges": [("重新办理", "late")],
        },
    ]


def story():
    return [
        {"title": "承办单位答复", "at": None, "by": "区城管局", "body": "预计 12 月 2 日前完成。", "state": "ahead"},
        {"title": "转办函送达区城管局", "at": NOON, "by": "云溪区人大常委会办公室", "body": None, "state": "current"},
        {
            "title": "代表提出意见并签名",
            "at": NOON - timedelta(days=1),
            "by": "陈秀兰代表",
            "body": LONG,
            "state": "done",
        },
        {"title": "联络站受理", "at": date(2026, 11, 16), "by": "幸福里联络站", "body": "", "state": "done"},
        {"title": "您提交了意见"},
    ]


def places():
    return [
        {"label": "今天", "icon": "today", "url": "#", "current": True, "count": 3},
        {"label": "群众", "icon": "resident", "url": "#", "current": False, "count": 12},
        {"label": "我的", "icon": "person", "url": "#", "current": False, "count": None},
    ]


def rail():
    return [
        {"label": "今天", "icon": "today", "url": "#", "current": False, "count": None},
        {"label": "意见", "icon": "inbox", "url": "#", "current": True, "count": 128},
        {"label": "转办函", "icon": "letter", "url": "#", "current": False, "count": 4},
        {"label": "联络站", "icon": "home", "url": "#", "current": False, "count": None},
        {"label": "代表", "icon": "deputy", "url": "#", "current": False, "count": None},
    ]


def tabs():
    return [
        {"label": "待受理", "url": "#", "count": 12, "current": True},
        {"label": "办理中", "url": "#", "count": 1288, "current": False},
        {"label": "将到期", "url": "#", "count": 7, "current": False},
        {"label": "待回访", "url": "#", "count": 0, "current": False},
        {"label": "全部", "url": "#", "count": None, "current": False},
    ]


def components():
    return {
        "long": LONG,
        "noon": NOON,
        "form": refused_form(),
        "matters": matters(),
        "story": story(),
        "tabs": tabs(),
        "files": [
            {"name": "转办函 云溪人办函〔2026〕118号.pdf", "url": "#", "size": 184_320},
            {"name": f"{LONG}.docx", "url": "#", "size": 2_621_440},
            {"name": "现场录音.m4a", "url": "#", "size": None},
        ],
        "pictures": [],
        "icon_names": sorted(ICONS),
    }


def frames():
    return {
        "long": LONG,
        "matters": matters() * 4,
        "story": story(),
        "tabs": tabs(),
        "dock": places(),
        "rail": rail(),
        "account_links": [{"label": "我的账号", "icon": "person", "url": "#", "current": False}],
        "logout_url": "#",
        "place_name": "云溪区翠湖街道幸福里人大代表联络站",
        "operator": {"name": "云溪区人大常委会办公室", "phone": "0990-5550101", "address": ""},
        "complain_url": "#",
    }
