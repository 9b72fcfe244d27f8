"""Letters and files for the tests; each function takes what a test wants to be different."""

import io
import zipfile
from datetime import date
from typing import Any

from PIL import Image

from jiazhan.documents.letters.content import Endorsement, Poster, Receipt, ReplyLetter, TransferLetter


def transfer_letter(**different: Any) -> TransferLetter:
    values: dict[str, Any] = {
        "issuer": "云溪区溪口街道人大工作委员会",
        "number": "云溪口人工委转〔2026〕12号",
        "title": "关于转办翠湖社区居民反映路灯不亮问题意见的函",
        "addressee": "云溪区人民政府办公室",
        "paragraphs": (
            "2026年11月15日,人大代表在翠湖社区联络站接待群众时收集到关于路灯不亮的意见。经接待代表加具意见,现将该意见转请你办交有关职能部门研究办理。",
            "请承办单位自收文之日起3个月内,将办理情况书面答复我委,同时反馈接待代表和群众,并抄送区人大常委会办公室。",
        ),
        "signed_on": date(2026, 11, 21),
        "matter_number": "990106001-01-2026-0012",
        "matter_title": "翠湖社区东门路灯不亮",
        "said_on": date(2026, 11, 15),
        "channel": "扫码反映",
        "author": "张**",
        "community": "溪口街道翠湖社区",
        "category": "城乡建设／市政设施",
        "facts": "小区东门外的三盏路灯从九月起一直不亮。",
        "request": "尽快修复路灯,明确管养单位。",
        "endorsements": (
            Endorsement(
                label="接待代表意见", text="情况属实,建议尽快修复。", name="王建国", signed_on=date(2026, 11, 16)
            ),
            Endorsement(label="专职副主任意见", text="拟同意代表意见。", name="李敏", signed_on=date(2026, 11, 17)),
            Endorsement(label="主任意见", text="同意。", name="陈立新", signed_on=date(2026, 11, 18)),
            Endorsement(label="区人大工作机构审核意见"),
        ),
        "forwarded_to": "云溪区城市管理局",
        "due": "自收文之日起3个月内书面答复",
        "attachments": ("现场照片3张",),
        "copies": ("云溪区人大常委会办公室", "云溪区人大常委会城建环资工委"),
        "verify_url": "https://jiazhan.example/verify/990106/7KQ2M9XD4TAB/",
        "verify_code": "7KQ2-M9XD-4TAB",
    }
    return TransferLetter(**values | different)


def reply_letter(**different: Any) -> ReplyLetter:
    values: dict[str, Any] = {
        "issuer": "云溪区城市管理局",
        "number": "云城管函〔2026〕45号",
        "title": "关于翠湖社区东门路灯不亮问题的答复函",
        "addressee": "溪口街道人大工作委员会",
        "paragraphs": ("你委转来的函收悉。经研究,现答复如下:", "三盏路灯已于2026年11月19日恢复照明。"),
        "outcome": "已解决",
        "signed_by": "赵海峰",
        "signed_on": date(2026, 11, 25),
        "promise": "2026年12月31日前完成同路段其余27盏路灯的检修。",
        "contact": "市政科 0571-88001234",
        "copies": ("云溪区人大常委会办公室",),
        "verify_url": "https://jiazhan.example/verify/990106/7KQ2M9XD4TAB/",
        "verify_code": "7KQ2-M9XD-4TAB",
    }
    return ReplyLetter(**values | different)


def receipt(**different: Any) -> Receipt:
    values: dict[str, Any] = {
        "station": "溪口街道翠湖社区人大代表联络站",
        "matter_number": "990106001-01-2026-0012",
        "title": "翠湖社区东门路灯不亮",
        "received_on": date(2026, 11, 21),
        "follow_code": "4827-1936-05",
        "follow_url": "https://jiazhan.example/follow/482719360 5/".replace(" ", ""),
        "next_step": "联络站将在3个工作日内告诉您是否受理、由谁办理。",
        "phone": "0571-88001100",
    }
    return Receipt(**values | different)


def poster(**different: Any) -> Poster:
    values: dict[str, Any] = {
        "name": "溪口街道翠湖社区人大代表联络站",
        "role": "云溪区人民代表大会",
        "sentence": "有话对代表说,扫一扫就能讲",
        "url": "https://jiazhan.example/s/7KQ2M9XD/",
        "code": "7KQ2-M9XD",
        "phone": "0571-88001100",
        "hours": "代表接待日:每月15日 9:00—11:00",
        "address": "溪口街道翠湖路18号一楼",
    }
    return Poster(**values | different)


def picture(kind: str = "JPEG", size: tuple[int, int] = (400, 300), mode: str = "RGB", **options: Any) -> io.BytesIO:
    """A picture that is red on its left half and blue on its right."""
    drawn = Image.new(mode, size, "red")
    drawn.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    return saved(drawn, kind, **options)


def saved(drawn: Image.Image, kind: str, **options: Any) -> io.BytesIO:
    out = io.BytesIO()
    drawn.save(out, kind, **options)
    out.seek(0)
    return out


def package(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as writer:
        for name, content in parts.items():
            writer.writestr(name, content)
    out.seek(0)
    return out


WORD_PARTS = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document>" + b"text " * 50 + b"</document>"}
EXCEL_PARTS = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
PDF_BYTES = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + b"\x00" * 200
