"""The formula's order against plain arithmetic, and which choices need a reason against a choice made place by place."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.selections import (
    Candidate,
    Departure,
    Formula,
    Standing,
    TieBreak,
    departures,
    hundredths,
    next_in_order,
    ranked,
    tie_at,
)

CENT = Decimal("0.01")
PEOPLE = st.integers(0, 9).map(lambda tenths: tenths * 1000)
FORMULAS = st.builds(
    lambda review, papers, seats, rule: Formula(100, papers, review, 100 - review, seats, rule),
    st.integers(0, 100),
    st.one_of(st.none(), st.integers(1, 90)),
    st.integers(1, 7),
    st.sampled_from(TieBreak),
)


@st.composite
def _fields(draw: st.DrawFn) -> tuple[Formula, list[Candidate]]:
    formula = draw(FORMULAS)
    most = formula.papers or 0
    rows = draw(st.lists(st.tuples(PEOPLE, st.integers(0, most), st.integers(0, 4)), min_size=1, max_size=9))
    return formula, [Candidate(place, mean, votes, years) for place, (mean, votes, years) in enumerate(rows, 1)]


def _by_hand(formula: Formula, one: Candidate) -> Decimal:
    """Reckon a total as a sheet's reader does, with what is printed: two decimals at every step."""
    review = (Decimal(one.mean or 0) / 100 / 100 * 100).quantize(CENT, ROUND_HALF_UP)
    if not formula.papers:
        return review
    share = (Decimal(one.votes or 0) / formula.papers * 100).quantize(CENT, ROUND_HALF_UP)
    weighted = review * formula.review_percent / 100 + share * formula.vote_percent / 100
    return weighted.quantize(CENT, ROUND_HALF_UP)


@given(_fields())
def test_whoever_has_the_sheet_reckons_the_same_totals(field: tuple[Formula, list[Candidate]]) -> None:
    formula, candidates = field
    for standing in ranked(formula, candidates):
        assert Decimal(standing.total or 0) / 100 == _by_hand(formula, standing.candidate)


@given(_fields())
def test_a_place_counts_those_before_it_and_ties_share_it(field: tuple[Formula, list[Candidate]]) -> None:
    formula, candidates = field
    standings = ranked(formula, candidates)
    assert sorted(one.candidate.id for one in standings) == sorted(one.id for one in candidates)
    for at, one in enumerate(standings):
        level = [other for other in standings if other.place == one.place]
        assert one.place == 1 + sum(other.place < one.place for other in standings) <= at + 1
        assert one.is_tied == (len(level) > 1)
        assert {other.total for other in level} == {one.total}
        if formula.tie_break == TieBreak.YEARS:
            assert len({other.candidate.years for other in level}) == 1


@given(_fields(), st.data())
def test_the_names_that_need_a_reason(field: tuple[Formula, list[Candidate]], data: st.DataObject) -> None:
    formula, candidates = field
    standings = ranked(formula, candidates)
    chosen = data.draw(st.sets(st.sampled_from([one.id for one in candidates]), max_size=formula.seats))
    needed = departures(standings, formula.seats, chosen)
    tied = {one.candidate.id for one in tie_at(standings, formula.seats)}
    for one in standings:
        is_within = one.place <= formula.seats and one.candidate.id not in tied
        departs = (one.candidate.id in chosen) != is_within
        if one.candidate.id not in tied:
            assert (one.candidate.id in needed) == departs
    assert chosen & tied <= set(needed)
    if not needed:
        assert {one.candidate.id for one in standings if one.place <= formula.seats} == chosen


@given(_fields())
def test_the_order_itself_needs_no_reason_but_for_a_tie(field: tuple[Formula, list[Candidate]]) -> None:
    formula, candidates = field
    standings = ranked(formula, candidates)
    chosen = [one.candidate.id for one in standings[: formula.seats]]
    needed = departures(standings, formula.seats, chosen)
    tied = {one.candidate.id for one in tie_at(standings, formula.seats)}
    assert needed == dict.fromkeys(tied & set(chosen), Departure.TIED)


def _order(formula: Formula, *candidates: Candidate) -> list[tuple[int, int]]:
    return [(one.candidate.id, one.place) for one in ranked(formula, candidates)]


@pytest.mark.parametrize(
    ("rule", "order"),
    [
        (TieBreak.PANEL, [(1, 1), (2, 1), (3, 3)]),
        (TieBreak.REVIEW, [(2, 1), (1, 2), (3, 3)]),
        (TieBreak.YEARS, [(1, 1), (2, 2), (3, 3)]),
        (TieBreak.RUNOFF, [(2, 1), (1, 2), (3, 3)]),
    ],
)
def test_a_tie_is_broken_by_the_rule_only(rule: TieBreak, order: list[tuple[int, int]]) -> None:
    formula = Formula(100, 10, 50, 50, 1, rule)
    first = Candidate(1, mean=6000, votes=8, years=900, runoff_votes=4)
    second = Candidate(2, mean=8000, votes=6, years=500, runoff_votes=6)
    assert _order(formula, first, second, Candidate(3, mean=5000, votes=5)) == order


def test_a_choice_within_a_tie_is_written_down() -> None:
    standings = ranked(Formula(100, None, 60, 40, 2, TieBreak.PANEL), [Candidate(n, mean=7000) for n in (1, 2, 3)])
    assert departures(standings, 2, [1, 3]) == {1: Departure.TIED, 3: Departure.TIED}
    assert departures(standings, 2, [1]) == {
        1: Departure.TIED,
        2: Departure.PASSED_OVER,
        3: Departure.PASSED_OVER,
    }


def test_fewer_candidates_than_seats_are_no_tie() -> None:
    standings = ranked(Formula(100, None, 60, 40, 5, TieBreak.PANEL), [Candidate(n, mean=7000) for n in (1, 2)])
    assert tie_at(standings, 5) == []
    assert departures(standings, 5, [1, 2]) == {}
    assert departures(standings, 5, [2]) == {1: Departure.PASSED_OVER}


def test_without_a_vote_or_without_marks_the_other_part_counts_alone() -> None:
    votes = ranked(Formula(None, 4, 60, 40, 1, TieBreak.PANEL), [Candidate(1, votes=1), Candidate(2, votes=3)])
    marks = ranked(Formula(50, None, 60, 40, 1, TieBreak.PANEL), [Candidate(1, mean=4000), Candidate(2, mean=4025)])
    assert [(one.candidate.id, one.total) for one in votes] == [(2, 7500), (1, 2500)]
    assert [(one.candidate.id, one.total) for one in marks] == [(2, 8050), (1, 8000)]


def test_whom_nobody_scored_comes_last_without_a_total() -> None:
    standings = ranked(Formula(100, 4, 60, 40, 1, TieBreak.PANEL), [Candidate(1, votes=4), Candidate(2, mean=100)])
    assert [(one.candidate.id, one.total) for one in standings] == [(2, 60), (1, None)]


def _standing(id_: int, place: int) -> Standing:
    return Standing(Candidate(id_), None, None, None, place, is_tied=False)


def test_who_is_next_in_order() -> None:
    standings = [_standing(1, 1), _standing(2, 2), _standing(3, 2), _standing(4, 4)]
    assert next_in_order(standings, {1}) == [2, 3]
    assert next_in_order(standings, {1, 2}) == [3]
    assert next_in_order(standings, {1, 2, 3, 4}) == []


@pytest.mark.parametrize(("value", "expected"), [(84.2, 8420), ("83.335", 8334), (0, 0), (99.999, 10000)])
def test_hundredths(value: float | str, expected: int) -> None:
    assert hundredths(value) == expected
