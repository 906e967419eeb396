import json
from pathlib import Path

import pytest

from app.engine.decisions.reports import answer

HERE = Path(__file__).parent
HOST = {"years": 8, "stays": True, "commendation": "city", "class_commendation": "district", "project": "province"}


def answered(file, wanted=None, **values):
    return answer(HERE / file, wanted, json.dumps(values))


@pytest.mark.parametrize(
    ("years", "title", "rank"),
    [
        (0, "senior", "assistant"),
        (3, "junior", "junior_2"),
        (4, "junior", "junior_1"),
        (6, "senior", "junior_1"),
        (7, "junior", "intermediate_2"),
        (10, "junior", "intermediate_2"),
        (10, "intermediate", "intermediate_1"),
        (13, "intermediate", "intermediate_1"),
        (13, "senior", "senior_2"),
        (15, "senior", "senior_2"),
        (16, "senior", "senior_1"),
        (20, None, "assistant"),
    ],
)
def test_a_first_placement_follows_years_and_title(years, title, rank):
    found = answered("rank.dmn", "rank_by_years", years=years, title=title)
    assert found.body["result"] == rank
    assert found.status == 0


@pytest.mark.parametrize(("held", "rank"), [(None, "senior_2"), ("junior_2", "junior_1"), ("senior_1", "senior_1")])
def test_a_promotion_climbs_one_step(held, rank):
    body = answered("rank.dmn", years=13, title="senior", **{"held rank": held}).body
    assert (body["decision"], body["result"]) == ("next_rank", rank)
    assert [one["decision"] for one in body["required"]] == ["title_level", "rank_by_years"]


def test_the_rules_that_did_not_match_say_why():
    body = answered("rank.dmn", "rank by years", years=13, title="intermediate").body
    assert body["matched"] == [1, 2, 3, 4]
    assert body["hits"] == [4]
    assert body["rules"][4]["inputs"] == [
        {"input": "年限", "value": 13, "test": "> 12", "matched": True},
        {"input": "职称", "value": 2, "test": "3", "matched": False},
    ]


@pytest.mark.parametrize(
    ("change", "obstacles"),
    [
        ({}, []),
        ({"years": 5}, ["班主任工作不满六年"]),
        ({"commendation": "district", "stays": False}, ["今后三年不在班主任岗位", "没有市级以上班主任表彰"]),
    ],
)
def test_eligibility_tells_every_obstacle(change, obstacles):
    assert answered("host_eligibility.dmn", **HOST | change).body["result"] == obstacles


def test_a_value_that_is_not_allowed_is_an_error_for_machines_too():
    found = answered("rank.dmn", "rank_by_years", years=5, title="professor")
    assert found.status == 1
    assert found.body["error"]["kind"] == "not_allowed"
    assert found.body["error"]["value"] == "professor"


@pytest.mark.parametrize(
    "values", ["", "[]", "{", "1", '{"a": ' + "[" * 100_000, '{"a": 1e99999999999999999999}', '{"a": "\\ud800"}']
)
def test_values_that_are_no_object_are_refused(values):
    found = answer(HERE / "rank.dmn", "rank_by_years", values)
    assert (found.status, found.body["error"]["kind"]) == (1, "values")


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"<x/>", b"\xff\xfe<\0", b"x" * 2_000_000])
def test_a_file_that_is_no_dmn_is_told_apart(content, tmp_path):
    path = tmp_path / "odd.dmn"
    path.write_bytes(content)
    found = answer(path, None, "{}")
    assert (found.status, found.body["error"]["kind"]) == (2, "file")


def test_a_file_that_is_not_there_is_told_apart(tmp_path):
    assert answer(tmp_path / "none.dmn", None, "{}").status == 2
    assert answer(tmp_path, None, "{}").status == 2
