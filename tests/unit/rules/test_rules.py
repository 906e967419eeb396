from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid, Refused
from app.domain.rule_definitions import Setter, ValueType
from app.domain.rule_refusals import OWN_TITLES
from app.domain.rules import Adoption, Clause, check_change, effective, inherited
from app.domain.vocabulary import Lock
from tests.unit.rules.world import CLAUSE, START, change, city, district, pack, parameter, school

DAY = date(2026, 9, 1)
LATER = DAY + timedelta(days=30)


def try_change(key, value, *levels):
    levels = levels or (city(), district(), school())
    return check_change(inherited(levels, DAY)[key], value, levels[-1])


def test_a_school_inherits_from_the_city():
    rule = effective([city(), district(), school()], DAY)["days"]
    assert (rule.value, rule.issuer.name, rule.from_on, rule.change) == (5, "云澜市教育局", START, None)
    assert rule.text == "5 个工作日"


def test_nothing_holds_before_a_pack_is_adopted():
    assert effective([city(), school()], START - timedelta(days=1)) == {}
    assert effective([city(adoptions=[]), school(change("days", 7))], DAY) == {}


def test_each_level_builds_on_the_one_above():
    levels = [city(), district(change("days", 6)), school(change("days", 8))]
    rule = effective(levels, DAY)["days"]
    assert (rule.value, rule.issuer.name) == (8, "第三中学")
    assert rule.change is not None
    assert rule.change.changed_by == "韩雪"
    assert inherited(levels, DAY)["days"].value == 6


def test_a_level_above_that_becomes_stricter_prevails():
    rule = effective([city(change("days", 10, LATER)), school(change("days", 8))], LATER)["days"]
    assert (rule.value, rule.issuer.name) == (10, "云澜市教育局")


def test_values_hold_from_their_date_and_the_last_of_a_day_counts():
    levels = [city(), school(change("days", 7), change("days", 8, LATER, 2), change("days", 9, LATER, 3))]
    assert effective(levels, LATER - timedelta(days=1))["days"].value == 7
    assert effective(levels, LATER)["days"].value == 9


def test_a_later_pack_replaces_an_earlier_one():
    stricter = pack(parameter("days", "公示天数", ValueType.NUMBER, 6, Lock.FIXED, unit="working_days"))
    levels = [city(adoptions=[Adoption(pack(), START), Adoption(stricter, LATER)]), school(change("days", 8))]
    assert effective(levels, DAY)["days"].value == 8
    assert effective(levels, LATER)["days"].value == 6


def test_a_value_of_a_shape_that_the_pack_does_not_know_gives_way():
    assert effective([city(), school(change("days", "many"))], DAY)["days"].value == 5


def test_a_pack_below_counts_within_the_lock_above():
    local = pack(
        parameter("days", "本校公示", ValueType.NUMBER, 3, Lock.FREE),
        parameter("years", "本校年限", ValueType.NUMBER, 8, Lock.FREE),
        parameter("own", "本校规则", ValueType.NUMBER, 1, Lock.FREE),
        key="own",
    )
    rules = effective([city(), school(adoptions=[Adoption(local, START)])], DAY)
    assert (rules["days"].value, rules["days"].pack.key) == (5, "s1")
    assert (rules["years"].value, rules["years"].pack.key) == (8, "own")
    assert rules["years"].parameter.clause == CLAUSE
    assert rules["own"].issuer.name == "第三中学"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("days", 5),
        ("days", 30),
        ("same", 0),
        ("match", "3/2"),
        ("limit", 100),
        ("ceilings", {"a": 50, "b": 1}),
        ("ceilings", {"a": 100, "b": None}),
        ("honour", "city"),
        ("words", ["礼品", "餐费"]),
        ("allowed", ["city"]),
        ("two", True),
        ("mentor", True),
        ("order", "city"),
    ],
)
def test_the_lock_allows(key, value):
    assert try_change(key, value) == value


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("days", 3, "公示天数不能改成 3 个工作日。市教育局规定不少于 5 个工作日，本校只能提高。"),
        ("years", 3, "主持人任班主任年限不能改成 3 年。市教育局按《建设方案》四（三）2规定不少于 6 年，本校只能提高。"),
        ("same", 3, "同校成员上限不能改成 3 人。市教育局规定不多于 2 人，本校只能降低。"),
        ("match", "1:2", "区级配套比例不能改成 二分之一。市教育局规定不低于 1 : 1，本校只能提高。"),
        ("ceilings", {"a": None}, "各类别上限不能这样改。市教育局规定的上限是：甲 1 元；其余没有规定，本校只能降低。"),
        ("honour", "none", "表彰不能改成 不要求。市教育局规定不低于 校级以上，本校只能提高。"),
        ("words", ["礼品"], "用词不能这样改。市教育局规定的这些要保留：餐费，本校只能增加。"),
        ("allowed", ["school"], "类别不能这样改。市教育局只规定了这些：不要求、市级以上，本校只能减少。"),
        ("two", False, "双方签字不能改成 不要。市教育局按《建设方案》四（三）2规定为 要两人，本校不能改。"),
        ("mentor", False, "设导师不能改成 不要求。市教育局规定为 须有导师，本校不能改。"),
    ],
)
def test_the_lock_refuses_by_level_and_clause(key, value, text):
    with pytest.raises(Refused) as caught:
        try_change(key, value)
    assert [str(said) for said in caught.value.errors["value"]] == [text]
    assert caught.value.parameter == key


def test_the_refusal_carries_the_clause():
    with pytest.raises(Refused) as caught:
        try_change("years", 3)
    assert caught.value.clause == CLAUSE


def test_a_district_is_named_as_the_one_that_raised_the_floor():
    with pytest.raises(Refused) as caught:
        try_change("days", 6, city(), district(change("days", 7)), school())
    assert "区教育局规定不少于 7 个工作日" in str(caught.value.errors["value"][0])


def test_who_adopted_a_pack_is_bound_by_it_too():
    with pytest.raises(Refused) as caught:
        try_change("days", 3, school(adoptions=[Adoption(pack(), START)]))
    expected = "公示天数不能改成 3 个工作日。《规则包》规定不少于 5 个工作日，本校只能提高。"
    assert str(caught.value.errors["value"][0]) == expected


CHANNEL, TOP = (
    parameter(
        key, "上报方式", ValueType.CHOICE, "none", Lock.FREE, options={"none": "平台", "city": "纸质"}, setter=setter
    )
    for key, setter in (("channel", Setter.TOP), ("top", Setter.TOP_BUREAU))
)
HERE, NOWHERE = [Adoption(pack(CHANNEL, TOP), START)], ()


@pytest.mark.parametrize(
    ("key", "levels", "can"),
    [
        ("channel", [city(adoptions=HERE)], True),
        ("channel", [city(adoptions=HERE), district()], False),
        ("channel", [district(adoptions=HERE)], True),
        ("channel", [city(adoptions=HERE), district(), school()], False),
        ("channel", [district(adoptions=HERE), school()], False),
        ("channel", [city(adoptions=NOWHERE), school(adoptions=HERE)], False),
        ("channel", [school(adoptions=HERE)], True),
        ("channel", [school(adoptions=HERE), school()], True),
        ("top", [city(adoptions=HERE)], True),
        ("top", [district(adoptions=HERE)], True),
        ("top", [city(adoptions=HERE), district()], False),
        ("top", [city(adoptions=HERE), school()], False),
        ("top", [school(adoptions=HERE)], False),
    ],
)
def test_some_parameters_are_for_bureaus_to_set(key, levels, can):
    """What a school says of its own bureau, or a level of those above it, counts for nothing even if it is kept."""
    own = replace(levels[-1], changes=[change(key, "city")])
    assert effective([*levels[:-1], own], DAY)[key].value == ("city" if can else "none")
    if can:
        assert try_change(key, "city", *levels) == "city"
    else:
        with pytest.raises(Refused) as caught:
            try_change(key, "city", *levels)
        said = str(caught.value.errors["value"][0])
        assert said.startswith("上报方式不能改成 纸质。")
        assert said.endswith(f"规定为 平台，{OWN_TITLES[own.kind]}不能改。")


def test_what_a_bureau_set_holds_for_its_schools():
    levels = [city(change("channel", "city"), adoptions=HERE), district(), school()]
    rule = effective(levels, DAY)["channel"]
    assert (rule.value, rule.issuer.name, rule.parameter.lock) == ("city", levels[0].name, Lock.FIXED)
    with pytest.raises(Refused) as caught:
        try_change("channel", "none", *levels)
    assert "市教育局规定为 纸质，本校不能改。" in str(caught.value.errors["value"][0])


def test_a_school_may_take_back_its_own_stricter_value():
    assert try_change("days", 5, city(), school(change("days", 8))) == 5


def test_a_wrong_shape_is_invalid_and_not_refused():
    with pytest.raises(Invalid) as caught:
        try_change("days", "3")
    assert not isinstance(caught.value, Refused)


def test_a_limit_where_there_was_none_cannot_be_taken_off_below():
    capped = city(change("limit", 100))
    with pytest.raises(Refused):
        try_change("limit", None, capped, school())
    assert try_change("limit", 90, capped, school()) == 90


VALUES = st.integers(0, 30)


@given(VALUES, VALUES, VALUES, st.sampled_from([Lock.FLOOR, Lock.CEILING, Lock.FIXED]))
def test_no_level_can_slip_below_a_lock(start, middle, last, lock):
    issued = pack(parameter("days", "公示天数", ValueType.NUMBER, start, lock))
    levels = [city(adoptions=[Adoption(issued, START)]), district(change("days", middle)), school(change("days", last))]
    values = [effective(levels[:depth], DAY)["days"].value for depth in (1, 2, 3)]
    assert values[0] == start
    holds = {Lock.FLOOR: int.__le__, Lock.CEILING: int.__ge__, Lock.FIXED: int.__eq__}[lock]
    assert all(holds(above, below) for above, below in pairwise(values))


@given(VALUES, VALUES)
def test_a_change_that_is_accepted_takes_effect(middle, last):
    levels = [city(), district(change("days", middle)), school()]
    try:
        accepted = check_change(inherited(levels, DAY)["days"], last, levels[-1])
    except Refused:
        return
    levels[-1] = replace(levels[-1], changes=[change("days", accepted)])
    assert effective(levels, DAY)["days"].value == last


def test_clauses_are_cited_and_quoted():
    assert str(CLAUSE) == "《建设方案》四（三）2 “担任班主任6年以上”"
    assert Clause("方案", "二2", "计划5-7个“名班主任工作室”").quotation == "“计划5-7个‘名班主任工作室’”"
    assert Clause("方案", "二2", "大意", is_quote=False).quotation == "大意"
