"""Made-up names: the same ones at every load."""

from random import Random

COUNTY = "990106"
COUNTY_NAME = "云溪区"

STREETS = [
    "溪口", "望江", "青石", "柳荫", "东湖", "书院", "南门", "桂花", "石桥", "凤凰", "新港",
    "清河", "梅岭", "北苑", "双井", "万和", "枫林", "锦绣", "临湖", "兴业", "云山",
]  # fmt: skip
_COMMUNITY_FIRST = ["春晖", "和平", "幸福", "曙光", "翠竹", "金桂", "玉兰", "长乐", "永安", "百合", "明珠", "朝阳", "芳草", "兰亭", "松涛", "银杏", "荷塘", "江畔", "康宁", "安居"]  # fmt: skip
_COMMUNITY_LAST = ["里", "苑", "园", "坊", "湾", "庭"]
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜谢邹喻苏潘葛范彭郎鲁韦马苗方俞任袁柳"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰建国志新晓峰海燕文博雅琴子涵思远宇航雨欣佳怡俊凯春梅秋菊德胜"
POINTS = [
    ("云溪中心大厦", "office_tower"), ("临江金融广场", "office_tower"), ("万和时代楼宇", "office_tower"), ("锦绣商务中心", "office_tower"),
    ("云溪软件园", "park"), ("新港智造园", "park"), ("清河物流园", "park"), ("东湖科创园", "park"),
    ("临江师范学院", "university"), ("云山职业大学", "university"), ("春晖社区", "community"), ("和平社区", "community"),
    ("曙光社区", "community"), ("长乐社区", "community"), ("永安社区", "community"), ("金桂社区", "community"),
    ("明珠社区", "community"), ("江畔社区", "community"),
]  # fmt: skip
DEPARTMENTS = [
    ("SW", "区水务局", "云水务", "排水 积水 内涝 河道 供水"), ("CG", "区城市管理局", "云城管", "路灯 违建 占道 油烟 环卫 垃圾"),
    ("ZJ", "区住房和城乡建设局", "云住建", "物业 维修资金 老旧小区 加装电梯"), ("JT", "区交通运输局", "云交", "公交 农村路 站牌"),
    ("JJ", "公安云溪分局交警大队", "云公交警", "停车 拥堵 信号灯 斑马线"), ("GA", "公安云溪分局", "云公", "治安 养犬 诈骗"),
    ("JY", "区教育局", "云教", "入学 幼儿园 食堂 接送"), ("WJ", "区卫生健康局", "云卫", "就医 家庭医生 托育"),
    ("YB", "区医疗保障局", "云医保", "医保 报销"), ("MZ", "区民政局", "云民", "养老 助餐 低保 殡葬"),
    ("RS", "区人力资源和社会保障局", "云人社", "欠薪 社保 招聘 培训"), ("HB", "生态环境云溪分局", "云环", "噪音 异味 扬尘 水质"),
    ("NY", "区农业农村局", "云农", "农田水利 宅基地 补贴"), ("YJ", "区应急管理局", "云应急", "隐患 应急 燃气"),
    ("XF", "区消防救援大队", "云消", "消防通道 飞线充电"), ("SC", "区市场监督管理局", "云市监", "食品 价格 预付卡 电梯"),
    ("WL", "区文化和旅游体育局", "云文旅", "健身器材 图书 文保"), ("ZS", "区行政审批局", "云审批", "办事 网办 窗口"),
    ("FG", "区发展和改革局", "云发改", "充电桩 规划"), ("CZ", "区财政局", "云财", "资金"),
    ("GH", "自然资源和规划云溪分局", "云资规", "规划 土地 房产证"), ("YL", "区园林绿化中心", "云园", "绿化 公园 树木"),
    ("SF", "区司法局", "云司", "调解 法律援助"), ("TJ", "区退役军人事务局", "云退", "退役军人"),
]  # fmt: skip


def person(random: Random) -> str:
    """A name of two or three characters."""
    given = random.sample(GIVEN, random.choice([1, 2, 2, 2]))
    return random.choice(SURNAMES) + "".join(given)


def communities(random: Random, count: int) -> list[str]:
    """`count` different names of communities."""
    pairs = [first + last for first in _COMMUNITY_FIRST for last in _COMMUNITY_LAST]
    return [f"{name}社区" for name in random.sample(pairs, count)]
