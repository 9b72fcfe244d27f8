"""Texts of 40 to 400 characters as people write them: sentences of real messages where they are at hand, else made up."""

import csv
import gzip
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

from jiazhan.kernel import text as texts

# A folder with opinions.csv.gz (title, body); the repository carries none.
REAL = (
    Path(os.environ.get("JIAZHAN_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data") / "opinions.csv.gz"
)
LEAST, MOST = 40, 400
_WHERE = [
    "小区北门",
    "菜场后面",
    "学校门口",
    "公交站旁",
    "河边步道",
    "地铁口",
    "三号楼下",
    "老街中段",
    "幼儿园对面",
    "停车场入口",
]
_WHAT = [
    "路灯不亮",
    "下水道堵塞",
    "电动车乱停",
    "夜间施工噪音大",
    "垃圾没有清运",
    "路面坑洼积水",
    "电梯经常停运",
    "油烟直排",
    "消防通道被占",
    "红绿灯时间太短",
]
_HOW = [
    "已经两个多月",
    "从去年冬天开始",
    "每逢下雨就这样",
    "早晚高峰最严重",
    "打过几次电话没有回音",
    "老人走过时摔倒过",
    "孩子上学要绕行",
    "晚上根本睡不好",
]
_WISH = [
    "希望有关部门尽快来看一看",
    "请社区和物业一起协调",
    "请说明什么时候能解决",
    "建议增加人手巡查",
    "盼望给一个明确的答复",
    "希望不要再互相推",
]


def sentences(random: Random) -> tuple[list[str], list[str], str]:
    """Titles and sentences to compose texts from, and where they come from."""
    if not REAL.exists():
        made = [f"{where}{what},{how}" for where in _WHERE for what in _WHAT for how in _HOW]
        random.shuffle(made)
        return [f"{where}{what}" for where in _WHERE for what in _WHAT], made + _WISH, "made up"
    titles, parts = [], set()
    with gzip.open(REAL, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if title := texts.clean_line(row["title"])[:60]:
                titles.append(title)
            for part in texts.clean(row["body"]).replace("\n", "。").split("。"):
                if 8 <= len(part := part.strip()) <= 150:
                    parts.add(part)
    return titles, sorted(parts), f"{len(parts):,} sentences of real messages"


def compose(random: Random, count: int) -> Iterator[tuple[str, str, str]]:
    """`count` times title, body and search terms as a tsvector's text. Full stops end a run of Chinese, so the terms of a
    text are those of its sentences."""
    titles, parts, _source = sentences(random)
    known = {each: frozenset(texts.bigrams(each)) for each in {*titles, *parts}}
    for _ in range(count):
        title, body, wanted = random.choice(titles), [], int(random.triangular(LEAST, MOST, 100))
        terms, length = set(known[title]), 0
        while length < wanted:
            part = random.choice(parts)
            if length + len(part) > MOST:
                break
            body.append(part)
            terms |= known[part]
            length += len(part) + 1
        yield title, "。".join(body) + "。", " ".join(f"'{term}'" for term in terms)
