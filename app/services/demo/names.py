"""Invented names: surnames about as common as in China, given names of two ordinary generations."""

from random import Random

# Each surname as often as it stands here.
SURNAMES = (
    "王王王王王王王李李李李李李李张张张张张张张刘刘刘刘刘陈陈陈陈陈杨杨杨赵赵赵黄黄黄周周周吴吴吴徐徐孙孙胡胡朱朱高高"
    "林林何何郭郭马马罗罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹"
    "熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹易黎常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛"
)
# First and second characters that go together, and characters that stand alone; more women than men teach.
GIVEN = (
    ("晓小雅春秋海玉丽红思雨佳欣梦若诗静书予知素淑惠秀翠美桂月云映清语依慕", "芳娟敏丽艳霞燕玲萍婷莉洁梅琳兰慧倩岚薇颖蓉菲瑶妍宁然涵怡琪"),
    ("文明志建国晓海振兴永立光华庆家子景铭宇泽浩俊博睿宏少伟德仁怀敬承启绍元正兆学", "强伟军勇涛鹏辉刚峰斌林平波健凯旭阳晨远航毅轩安民成松舟"),
)  # fmt: skip
SINGLE = ("敏静颖琳倩洁莉娟芳艳薇霞燕婷蓉岚瑶宁悦欣", "涛鹏超峰毅凯旭斌辉帆轩阳昊健勇刚航")
SHARE_OF_WOMEN = 0.64
SHARE_OF_SINGLE = 0.2

# People whom everybody knows keep their names.
KNOWN = frozenset(
    [
        "王菲",
        "王宁",
        "李静",
        "张宁",
        "杨阳",
        "李宁",
        "刘洋",
        "高峰",
        "陈晨",
        "李娜",
        "王勇",
        "张军",
        "周涛",
        "孙楠",
        "胡军",
        "马琳",
        "刘涛",
        "李健",
        "王凯",
        "黄磊",
        "李斌",
        "雷军",
        "孙杨",
        "丁宁",
        "姚晨",
        "秦岚",
        "陈毅",
        "李鹏",
        "王毅",
        "王晨",
        "王志文",
        "张静初",
        "王文涛",
        "李文华",
        "陈建斌",
        "张国立",
        "刘晓庆",
        "李雪健",
        "杨立伟",
        "陈建国",
        "陈国强",
        "钟南山",
    ]
)


class Names:
    """Draw names that nobody in the city bears yet."""

    def __init__(self, chance: Random, taken: set[str]) -> None:
        self._chance = chance
        self._taken = set(taken)

    def next(self) -> str:
        """Return a new name."""
        while True:
            name = self._chance.choice(SURNAMES) + self._given()
            if name not in self._taken and name not in KNOWN:
                self._taken.add(name)
                return name

    def _given(self) -> str:
        kind = 0 if self._chance.random() < SHARE_OF_WOMEN else 1
        if self._chance.random() < SHARE_OF_SINGLE:
            return self._chance.choice(SINGLE[kind])
        first, second = (self._chance.choice(characters) for characters in GIVEN[kind])
        return first + second
