import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Conflict
from app.services.operations.allocation import allocate

lefts = st.lists(st.integers(min_value=0, max_value=10**10), min_size=1, max_size=4)


@given(lefts, st.data())
def test_the_parts_add_up_and_no_source_pays_more_than_it_has(rests, data):
    left = {f"source{place}": rest for place, rest in enumerate(rests)}
    amount = data.draw(st.integers(min_value=0, max_value=sum(rests)))
    parts = allocate(amount, left)
    assert sum(parts.values()) == amount
    assert all(0 < part <= left[source] for source, part in parts.items())


@given(lefts, st.data())
def test_no_part_is_more_than_a_fen_from_its_share(rests, data):
    left = {f"source{place}": rest for place, rest in enumerate(rests)}
    amount = data.draw(st.integers(min_value=0, max_value=sum(rests)))
    parts = allocate(amount, left)
    assert all(abs(parts.get(source, 0) - amount * rest / (sum(rests) or 1)) <= 1.001 for source, rest in left.items())


def test_the_spare_fen_goes_to_the_first_source():
    assert allocate(3, {"city": 100, "district_match": 100}) == {"city": 2, "district_match": 1}


def test_more_than_there_is_is_refused():
    with pytest.raises(Conflict):
        allocate(3, {"city": 2})
