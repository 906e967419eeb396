"""A city, a district and a school with rules made up for the tests."""

from datetime import date

from app.domain.rule_definitions import Definition, ValueType
from app.domain.rules import Adoption, Change, Clause, Level, Pack, Parameter
from app.domain.vocabulary import Lock, OrganizationKind, Programme

IS_SET = True
START = date(2026, 1, 1)
CLAUSE = Clause("建设方案", "四（三）2", "担任班主任6年以上")
HONOURS = {"none": "不要求", "school": "校级以上", "city": "市级以上"}


def parameter(key, title, type_, value, lock, **shape):
    clause = shape.pop("clause", None)
    return Parameter(Definition(key=key, title=title, type=type_, **shape), value, lock, clause)


PARAMETERS = [
    parameter("days", "公示天数", ValueType.NUMBER, 5, Lock.FLOOR, unit="working_days", maximum=30),
    parameter(
        "years", "主持人任班主任年限", ValueType.NUMBER, 6, Lock.FLOOR, unit="years", pattern="{}以上", clause=CLAUSE
    ),
    parameter("same", "同校成员上限", ValueType.NUMBER, 2, Lock.CEILING, unit="people"),
    parameter("match", "区级配套比例", ValueType.RATIO, "1/1", Lock.FLOOR, pattern="不低于 {}"),
    parameter("limit", "讲课费上限", ValueType.MONEY, None, Lock.CEILING, optional="没有规定"),
    parameter(
        "ceilings",
        "各类别上限",
        ValueType.CEILINGS,
        {"a": 100, "b": None},
        Lock.CEILING,
        options={"a": "甲", "b": "乙"},
    ),
    parameter("honour", "表彰", ValueType.CHOICE, "school", Lock.FLOOR, options=HONOURS),
    parameter("words", "用词", ValueType.WORDS, ["餐费"], Lock.FLOOR),
    parameter("allowed", "类别", ValueType.CHOICES, ["none", "city"], Lock.CEILING, options=HONOURS, minimum=1),
    parameter("two", "双方签字", ValueType.BOOLEAN, IS_SET, Lock.FIXED, labels=("要两人", "不要"), clause=CLAUSE),
    parameter("mentor", "设导师", ValueType.BOOLEAN, IS_SET, Lock.FLOOR, labels=("须有导师", "不要求")),
    parameter("order", "先后", ValueType.CHOICE, "none", Lock.FREE, options=HONOURS),
]


def pack(*changed: Parameter, key: str = "s1") -> Pack:
    parameters = {each.definition.key: each for each in [*PARAMETERS, *changed]}
    return Pack(key, "规则包", Programme.CITY_STUDIO, OrganizationKind.CITY, START, {}, parameters)


def city(*changes: Change, adoptions=None) -> Level:
    return Level(
        1,
        "云澜市教育局",
        OrganizationKind.CITY,
        adoptions if adoptions is not None else [Adoption(pack(), START)],
        changes,
    )


def district(*changes: Change, adoptions=()) -> Level:
    return Level(2, "西泽区教育局", OrganizationKind.DISTRICT, adoptions, changes)


def school(*changes: Change, adoptions=()) -> Level:
    return Level(3, "第三中学", OrganizationKind.SCHOOL, adoptions, changes)


def change(key, value, from_on=START, number=1) -> Change:
    return Change(key, value, from_on, "本校需要", "韩雪", number)
