"""Score sheets: what is accepted, what is refused where, and sums against sums by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.panels import Candidate, Criterion, Sheet, checked, lines, number, total

SHEET = Sheet(
    (Candidate(11, "李若涵"), Candidate(12, "苏眉"), Candidate(13, "田野")),
    (Criterion("育人实绩", 30), Criterion("带教能力", 20)),
)
POINTS = st.tuples(st.integers(0, 300), st.integers(0, 200)).map(lambda tenths: [one / 10 for one in tenths])


def rows(**points):
    return [{"candidate": key.removeprefix("c"), "points": given} for key, given in points.items()]


def refused(given, aside=()):
    with pytest.raises(Invalid) as caught:
        checked(SHEET, given, aside)
    return {path: found[0].chinese() for path, found in caught.value.errors.items()}


def test_whole_scores_are_kept_in_the_order_of_the_candidates():
    found = checked(SHEET, rows(c13=[1, 2], c11=[30, 20], c12=[0, 0.5]), ())
    assert [row["candidate"] for row in found] == [11, 12, 13]
    assert found[1] == {"candidate": 12, "points": [0, 0.5], "opinion": ""}


def test_whom_a_member_leaves_to_others_is_neither_asked_nor_taken():
    assert [row["candidate"] for row in checked(SHEET, rows(c11=[1, 1], c13=[1, 1]), {"12"})] == [11, 13]
    assert "回避" in refused(rows(c11=[1, 1], c12=[1, 1], c13=[1, 1]), {"12"})["scores.1"]


@pytest.mark.parametrize(
    ("points", "path", "words"),
    [
        ([31, 1], "scores.0.points.0", "育人实绩最高 30 分，您填了 31。"),
        ([1, -0.5], "scores.0.points.1", "带教能力最低 0 分，您填了 -0.5。"),
        ([1.25, 1], "scores.0.points.0", "育人实绩最多写一位小数，您填了 1.25。"),
        (["1", 1], "scores.0.points.0", "育人实绩要填数字，0 到 30 分。"),
        ([True, 1], "scores.0.points.0", "育人实绩要填数字，0 到 30 分。"),
        ([float("inf"), 1], "scores.0.points.0", "育人实绩要填数字，0 到 30 分。"),
        ([1], "scores.0.points.1", "请给李若涵的带教能力打分，0 到 20 分。"),
        ([None, None], "scores.0.points", "还没有给李若涵打分。"),
        (None, "scores.0.points", "还没有给李若涵打分。"),
        ([1, 1, 1], "scores.0.points", "分数比评议项目多，请按项目逐项打分。"),
    ],
)
def test_wrong_points_are_told_at_their_field(points, path, words):
    assert refused(rows(c11=points, c12=[1, 1], c13=[1, 1])) == {path: words}


@pytest.mark.parametrize("given", [None, [], "x", {}, [3], [{"points": [1, 1]}]])
def test_what_is_no_list_of_scores_is_refused(given):
    assert "李若涵、苏眉、田野" in refused(given)["scores"]


def test_a_candidate_is_scored_once_and_words_are_bounded():
    twice = [*rows(c11=[1, 1], c12=[1, 1], c13=[1, 1]), *rows(c11=[2, 2])]
    assert refused(twice) == {"scores.3": "李若涵评了两次，请去掉一次。"}
    wordy = rows(c11=[1, 1], c12=[1, 1], c13=[1, 1])
    wordy[2]["opinion"] = "好" * 501
    assert refused(wordy) == {"scores.2.opinion": "意见最多 500 字，您写了 501 字。"}


@given(st.lists(st.fixed_dictionaries({11: POINTS, 12: POINTS}, optional={13: POINTS}), max_size=12))
def test_means_and_spreads_are_what_sums_by_hand_give(members):
    handed_in = [[{"candidate": key, "points": points} for key, points in one.items()] for one in members]
    for line in lines(SHEET, handed_in):
        scored = [given[line.candidate.id] for given in members if line.candidate.id in given]
        sums: list[Fraction] = [sum((Fraction(str(one)) for one in points), Fraction(0)) for points in scored]
        assert line.scored == len(sums)
        if line.mean is None or line.spread is None:
            assert (line.mean, line.spread, sums) == (None, None, [])
            continue
        assert abs(Fraction(line.mean) - sum(sums, Fraction(0)) / len(sums)) <= Fraction(1, 200)
        assert Fraction(line.spread) == max(sums) - min(sums)


def test_numbers_are_written_exactly():
    assert total([27, 0.1, 0.2]) == 27.3
    assert number(None) is None
