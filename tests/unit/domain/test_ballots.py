"""Ballot papers: packing, counting against a naive count, rounding, shuffling."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import ballots
from app.domain.ballots import Choice, Paper

CHOICES = tuple(Choice(str(number), f"老师{number}") for number in range(12))


@st.composite
def votes(draw):
    """Return a paper and valid votes on it, each with a receipt of its own."""
    names = draw(st.integers(1, len(CHOICES)))
    paper = Paper(CHOICES[:names], draw(st.integers(1, names)), can_abstain=True)
    chosen = st.lists(st.integers(0, names - 1), unique=True, max_size=paper.seats)
    return paper, draw(st.lists(chosen, max_size=40))


@given(votes())
def test_a_tally_is_what_counting_by_hand_gives(found):
    paper, cast = found
    records = [ballots.pack(chosen, number.to_bytes(16, "big")) for number, chosen in enumerate(cast)]
    tally = ballots.count(paper, records)
    by_hand = Counter(place for chosen in cast for place in chosen)
    assert tally.votes == tuple(by_hand[place] for place in range(len(paper.choices)))
    assert tally.abstained == sum(not chosen for chosen in cast)
    assert (tally.void, tally.answered) == (0, len(cast))
    assert list(tally.receipts) == sorted(tally.receipts)
    assert len({len(record) for record in records}) <= 1


@given(st.lists(st.integers(0, ballots.MOST_CHOICES - 1), unique=True), st.binary(min_size=16, max_size=16))
def test_what_is_packed_is_unpacked(chosen, receipt):
    assert ballots.unpack(ballots.pack(chosen, receipt)) == (tuple(sorted(chosen)), receipt)


def test_void_papers_are_counted_as_such():
    paper = Paper(CHOICES[:3], 1)
    receipts = [number.to_bytes(16, "big") for number in range(5)]
    records = [
        ballots.pack([0], receipts[0]),
        ballots.pack([0, 1], receipts[1]),
        ballots.pack([7], receipts[2]),
        ballots.pack([], receipts[3]),
        ballots.pack([1], receipts[0]),
        None,
    ]
    tally = ballots.count(paper, records)
    assert (tally.votes, tally.abstained, tally.void, tally.answered) == ((1, 0, 0), 0, 5, 6)


@pytest.mark.parametrize(
    ("answered", "roll", "told"),
    [
        (0, 0, 0),
        (3, 4, None),
        (1, 1, None),
        (2, 5, 40),
        (0, 10, 0),
        (1, 100, 0),
        (3, 100, 5),
        (5, 8, 65),
        (7, 8, 90),
        (40, 40, 100),
    ],
)
def test_a_turnout_is_rounded_to_five_per_cent(answered, roll, told):
    assert ballots.turnout(answered, roll) == told


@pytest.mark.parametrize(
    ("votes", "places", "found"),
    [
        ([3, 1, 2], 1, ((), 0)),
        ([3, 3, 2], 1, ((0, 1), 1)),
        ([3, 3, 2], 2, ((), 0)),
        ([5, 3, 3, 3, 1], 3, ((1, 2, 3), 2)),
        ([0, 0], 1, ((0, 1), 1)),
        ([2, 2], 2, ((), 0)),
        ([2, 2], None, ((), 0)),
    ],
)
def test_a_tie_counts_where_it_leaves_places_open(votes, places, found):
    assert ballots.ties(votes, places) == found


@given(st.lists(st.integers(0, 6), min_size=1, max_size=9), st.integers(1, 9))
def test_tied_names_and_those_above_them_fill_the_places(votes, places):
    tied, free = ballots.ties(votes, places)
    above = [place for place, number in enumerate(votes) if tied and number > votes[tied[0]]]
    assert not tied or len(above) + free == places < len(above) + len(tied)


def test_every_voter_has_an_order_that_stays():
    orders = {tuple(ballots.shuffled(CHOICES, 7, person)) for person in range(20)}
    assert len(orders) > 15
    assert ballots.shuffled(CHOICES, 7, 3) == ballots.shuffled(CHOICES, 7, 3)
    assert set(ballots.shuffled(CHOICES, 7, 3)) == set(CHOICES)


def test_an_abstention_is_valid_only_where_it_is_allowed():
    assert Paper(CHOICES, 2, can_abstain=True).allows([])
    assert not Paper(CHOICES, 2).allows([])
    assert not Paper(CHOICES, 2).allows([1, 1])
    assert not Paper(CHOICES, 2).allows([-1])
