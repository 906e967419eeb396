"""What each rung of the S4 ladder asks, by the rules around it."""

from collections.abc import Mapping
from typing import Any

import pytest

from app.domain.ladder import Rung, is_above, ladder_rules, rungs
from app.services.rulebook.rule_packs import find_pack

VALUES = {key: one.value for key, one in find_pack("s4").parameters.items()}


def ladder(held: str | None, *, is_direct: bool = False, **changed: Any) -> Mapping[str, Rung]:
    values = VALUES | {f"rank.{name}": value for name, value in changed.items()}
    rules = ladder_rules(values, is_direct=is_direct)
    assert rules is not None
    return {one.rank: one for one in rungs(rules, held)}


def test_the_years_that_end_a_range_do_not_open_the_next() -> None:
    assert {rank: one.years_least for rank, one in ladder("junior_2").items()} == {
        "junior_2": 1,
        "junior_1": 4,
        "intermediate_2": 7,
        "intermediate_1": 10,
        "senior_2": 13,
        "senior_1": 16,
    }
    assert ladder(None, years_unit="exact")["junior_1"].years_least == 3.08


def test_more_years_disqualify_only_where_the_bound_is_binding() -> None:
    assert ladder(None)["junior_2"].years_to is None
    bound = ladder(None, upper_bound="binding")
    assert (bound["junior_2"].years_to, bound["senior_1"].years_to) == (3, None)


def test_whoever_is_placed_first_need_hold_nothing_but_needs_a_title_for_the_top() -> None:
    for held in (None, "assistant"):
        first = ladder(held)
        assert {one.holds for one in first.values()} == {None}
        assert (first["senior_1"].title, first["senior_1"].is_title_floor) == ("senior", True)
    assert ladder("senior_2")["senior_1"].title is None
    assert ladder("intermediate_1")["senior_1"].title == "senior"
    assert ladder(None, first_placement=False)["junior_1"].holds == "junior_2"


@pytest.mark.parametrize(("steps", "holds"), [(1, "intermediate_1"), (2, "intermediate_2"), (5, "junior_2")])
def test_what_must_be_held_follows_the_steps_of_a_promotion(steps: int, holds: str) -> None:
    assert ladder("junior_2", steps_per_promotion=steps)["senior_2"].holds == holds


def test_a_title_is_a_floor_where_the_table_or_the_rule_says_so() -> None:
    exact = ladder("junior_2", title_is_floor=False)
    assert [rank for rank, one in exact.items() if not one.is_title_floor] == ["junior_2", "junior_1"]
    assert all(one.is_title_floor for one in ladder("junior_2").values())


def test_direct_schools_have_demands_of_their_own() -> None:
    direct, other = ladder("junior_2", is_direct=True), ladder("junior_2")
    assert (direct["intermediate_1"].honour, other["intermediate_1"].honour) == ("school", "district")
    assert (direct["senior_2"].standing, other["senior_2"].standing) == ("city", "district")


def test_where_there_is_no_ladder_there_are_no_rules_of_it() -> None:
    assert ladder_rules({}, is_direct=False) is None


def test_ranks_stand_one_above_the_other() -> None:
    assert is_above("junior_2", None)
    assert is_above("junior_2", "assistant")
    assert not is_above("junior_1", "junior_1")
