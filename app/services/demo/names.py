"""Invented names: surnames about as common as in China, given names of two ordinary generations."""

from random import Random

# Each surname as often as it stands here.
SURNAMES = (
    "王王王王王王王李李李李李李李张张张张张张张刘刘刘刘刘陈陈陈陈陈杨杨杨赵赵赵黄黄黄周周周吴吴吴徐徐孙孙胡胡朱朱高高"
    "林林何何郭郭马马罗罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹"
    "熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹易黎常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛"
)
FIRST = (
    "文明志建国晓小雅春秋海玉丽红振兴永立光华庆家思子雨佳欣梦若诗静书予知景嘉铭宇泽浩俊博睿宏少"
    "素淑惠秀翠美桂月云映清語语依向伟德仁怀敬世承启绍元正世兆友广学尚慕亦"
).replace("語", "")
LAST = (
    "芳娟敏静丽艳霞燕玲萍婷莉洁梅琳兰慧倩岚薇颖蓉菲瑶彤妍宁然涵怡琪"
    "强伟军勇磊涛超鹏辉刚峰斌林平波宏飞健凯旭阳晨昊远航帆毅轩宇安民成松舟"
)
SINGLE = "敏静颖琳倩洁莉娟芳艳薇霞燕婷蓉岚瑶宁悦欣磊涛鹏超峰毅凯旭斌辉帆轩晨阳昕昊健勇刚航"
SHARE_OF_SINGLE = 0.22

# People whom everybody knows keep their names.
KNOWN = frozenset(
    {
        "王菲", "王宁", "李静", "张宁", "杨阳", "马云", "李宁", "刘洋", "刘翔", "高峰", "陈晨", "李娜", "王勇", "张军", "陈凯",
        "张静初", "王文涛", "李文华", "周涛", "孙楠", "胡军", "马琳", "王志文", "李小璐", "刘欢",
    }
)  # fmt: skip


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
        if self._chance.random() < SHARE_OF_SINGLE:
            return self._chance.choice(SINGLE)
        first = self._chance.choice(FIRST)
        return first + self._chance.choice(LAST.replace(first, ""))
