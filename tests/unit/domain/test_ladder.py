"""Which rank comes next, by the ladder of the S4 pack."""

import pytest

from app.domain.ladder import next_step
from app.services.rulebook.rule_packs import find_pack

ROWS = find_pack("s4").parameters["rank.ladder"].value


@pytest.mark.parametrize(
    ("held", "years", "rank"),
    [
        ("junior_2", 20, "junior_1"),
        ("intermediate_1", 3, "senior_2"),
        ("senior_1", 30, None),
        # First placement: three years lie in the range of junior_2, four in that of junior_1.
        (None, 1, "junior_2"),
        (None, 3, "junior_2"),
        (None, 3.17, "junior_1"),
        (None, 4, "junior_1"),
        (None, 15, "senior_2"),
        (None, 16, "senior_1"),
        ("assistant", 7, "intermediate_2"),
        # Nobody may apply yet: what is missing for the lowest.
        (None, 0, "junior_2"),
        (None, None, "junior_2"),
    ],
)
def test_the_next_rank(held: str | None, years: float | None, rank: str | None) -> None:
    step = next_step(ROWS, held, years, is_direct=False, places_first=True)
    assert (step.rank if step else None) == rank


def test_where_nobody_is_placed_at_once_all_begin_below() -> None:
    step = next_step(ROWS, None, 16, is_direct=False, places_first=False)
    assert step is not None
    assert (step.rank, step.is_first_placement) == ("junior_2", True)


def test_direct_schools_have_demands_of_their_own() -> None:
    rows = {
        is_direct: next_step(ROWS, "intermediate_2", 10, is_direct=is_direct, places_first=True)
        for is_direct in (False, True)
    }
    assert {is_direct: step.row["honour"] for is_direct, step in rows.items() if step} == {
        False: "district",
        True: "school",
    }
    senior = next_step(ROWS, "intermediate_1", 13, is_direct=True, places_first=True)
    assert senior is not None
    assert (senior.row["standing"], "honour_direct" in senior.row) == ("city", False)


@pytest.mark.parametrize(("held", "enough", "too_few"), [(None, 1, 0), ("junior_2", 4, 3), ("senior_2", 16, 15)])
def test_the_years_that_end_a_range_do_not_open_the_next(held: str | None, enough: float, too_few: float) -> None:
    step = next_step(ROWS, held, None, is_direct=False, places_first=True)
    assert step is not None
    assert step.allows(enough)
    assert not step.allows(too_few)
