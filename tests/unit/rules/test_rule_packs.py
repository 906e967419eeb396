import pytest

from app.domain.errors import NotFound
from app.domain.rule_definitions import Setter
from app.domain.rule_texts import describe
from app.domain.vocabulary import Category, Lock, Programme
from app.services.rulebook.rule_packs import BadPack, find_pack, load_packs

PARAMETERS = """
["经费"."funding.carry_over"]
title = "结转"
type = "boolean"
programmes = ["rank"]

["经费"."rank.opens_on"]
title = "开始"
type = "month_day"
programmes = ["rank"]
"""
PACK = """
title = "规则包"
programme = "rank"
level = "city"
from_on = 2026-01-01

[documents]
"方案" = "全称"

[values]
"funding.carry_over" = { value = true, lock = "floor" }
"rank.opens_on" = { value = "09-01", lock = "fixed", clause = { document = "方案", article = "一", phrase = "九月" } }
"""


def load(folder, pack=PACK, parameters=PARAMETERS):
    (folder / "parameters").mkdir()
    (folder / "parameters" / "1.toml").write_text(parameters, encoding="utf-8")
    (folder / "own.toml").write_text(pack, encoding="utf-8")
    return load_packs(folder)


@pytest.mark.parametrize(
    ("key", "programme"), [("s0", Programme.SCHOOL_STUDIO), ("s1", Programme.CITY_STUDIO), ("s4", Programme.RANK)]
)
def test_the_ready_packs_are_whole(key, programme):
    pack = find_pack(key)
    assert pack.programme == programme
    for parameter in pack.parameters.values():
        assert describe(parameter.definition, parameter.value)
        assert parameter.clause is None or pack.documents[parameter.clause.document]


def test_both_studio_packs_agree_on_the_keys_of_money():
    shared = {key for key in find_pack("s0").parameters if key.startswith("expense.")}
    assert shared == {key for key in find_pack("s1").parameters if key.startswith("expense.")}


@pytest.mark.parametrize("pack", ["s0", "s1"])
def test_the_packs_know_every_category(pack):
    parameters = find_pack(pack).parameters
    assert list(parameters["expense.categories"].definition.options) == list(Category)
    assert list(parameters["expense.ceilings"].value) == list(Category)


@pytest.mark.parametrize("pack", ["s0", "s1"])
def test_two_signatures_can_be_changed_nowhere(pack):
    parameter = find_pack(pack).parameters["expense.two_signatures"]
    assert (parameter.value, parameter.lock) == (True, Lock.FIXED)


def test_values_stand_as_the_documents_say():
    city, school, rank = (find_pack(key).parameters for key in ("s1", "s0", "s4"))
    assert city["funding.city_direct"].value == 80_000_00
    assert city["funding.city_district"].value == 40_000_00
    assert school["funding.basic_per_head"].value == 3_000_00
    assert rank["rank.ladder"].value[0]["rank"] == "junior_2"
    assert city["expense.two_signatures"].clause is not None
    assert str(city["expense.two_signatures"].clause) == "《经费管理办法》第四条 “双方签字后，方可入账核销”"


def test_who_files_does_not_say_how_nor_where_it_counts():
    found = {key: one.definition.setter for key, one in find_pack("s4").parameters.items()}
    told = {key: setter for key, setter in found.items() if setter != Setter.ANY}
    assert told == {"rank.effective_level": Setter.TOP_BUREAU, "filing.channel": Setter.TOP}


def test_an_unknown_pack_is_not_found():
    with pytest.raises(NotFound, match="没有“s9”这个规则包。"):
        find_pack("s9")


def test_reads_a_pack(tmp_path):
    pack = load(tmp_path)["own"]
    assert list(pack.parameters) == ["funding.carry_over", "rank.opens_on"]
    assert pack.parameters["rank.opens_on"].definition.group == "经费"


@pytest.mark.parametrize(
    ("wrong", "place", "text"),
    [
        (("title =", "titel ="), "own.toml", "不认识“titel”。"),
        (('level = "city"\n', ""), "own.toml", "缺少“level”。"),
        (('"rank"', '"ranks"'), "own.toml: programme", "“ranks”应为其中之一：school_studio、city_studio、rank。"),
        (("2026-01-01", '"soon"'), "own.toml: from_on", "请写日期，例如 2026-09-01。"),
        (("= 2026", "= = 2026"), "own.toml", "不是正确的 TOML 文件"),
        (("true", "1"), "own.toml: funding.carry_over", "结转请选“是”或“否”。"),
        (("floor", "soft"), "own.toml: funding.carry_over", "“soft”应为其中之一：fixed、floor、ceiling、free。"),
        (("fixed", "floor"), "own.toml: rank.opens_on", "开始分不出高低，只能写 fixed 或 free。"),
        (('document = "方案"', 'document = "别的"'), "own.toml: rank.opens_on", "没有“别的”这份文件。"),
        (('phrase = "九月"', 'phrase = ""'), "own.toml: rank.opens_on", "依据要写明条款和原文。"),
        (("funding.carry_over", "funding.other"), "own.toml: funding.other", "这个规则包不能有参数“funding.other”。"),
        (('"funding.carry_over" = { value = true, lock = "floor" }', ""), "own.toml: funding.carry_over", "缺少参数"),
    ],
)
def test_says_what_is_wrong_with_a_pack(tmp_path, wrong, place, text):
    with pytest.raises(BadPack) as caught:
        load(tmp_path, pack=PACK.replace(*wrong))
    assert list(caught.value.errors) == [place]
    assert text in str(caught.value.errors[place][0])


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (('type = "boolean"', 'type = "flag"'), "“flag”应为其中之一"),
        (('title = "结转"\n', ""), "缺少“title”。"),
        (('type = "boolean"', 'type = "boolean"\nunit = "metres"'), "没有“metres”这个单位。"),
        (('type = "boolean"', 'type = "boolean"\nsetter = "me"'), "“me”应为其中之一：any、top、top_bureau。"),
        (('["经费"."rank.opens_on"]', '["评选"."funding.carry_over"]'), "参数“funding.carry_over”写了两次。"),
    ],
)
def test_says_what_is_wrong_with_a_parameter(tmp_path, wrong, text):
    with pytest.raises(BadPack) as caught:
        load(tmp_path, parameters=PARAMETERS.replace(*wrong))
    (said,) = caught.value.errors["1.toml: funding.carry_over"]
    assert text in str(said)
