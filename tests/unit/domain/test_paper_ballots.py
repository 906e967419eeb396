"""Paper ballots: what a stack can say, packing, two readings, and the count of both kinds against a naive one."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import ballots, paper_ballots
from app.domain.ballots import Choice, Paper
from app.domain.paper_ballots import Stack

CHOICES = tuple(Choice(str(number), f"老师{number}") for number in range(8))


@st.composite
def elections(draw):
    """Return a paper, the votes sent and those written on paper; None is a void one."""
    names = draw(st.integers(1, len(CHOICES)))
    paper = Paper(CHOICES[:names], draw(st.integers(1, names)), can_abstain=True)
    chosen = st.lists(st.integers(0, names - 1), unique=True, max_size=paper.seats)
    return paper, draw(st.lists(chosen, max_size=30)), draw(st.lists(st.none() | chosen, max_size=30))


def stack_of(paper: Paper, written: list[list[int] | None]) -> Stack:
    votes = Counter(place for one in written if one for place in one)
    return Stack(
        papers=len(written),
        abstained=sum(one == [] for one in written),
        void=sum(one is None for one in written),
        votes=tuple(votes[place] for place in range(len(paper.choices))),
    )


@given(elections())
def test_both_kinds_together_are_what_counting_by_hand_gives(found):
    paper, sent, written = found
    stack = stack_of(paper, written)
    assert paper_ballots.can_be(stack, paper)
    records = [ballots.pack(chosen, number.to_bytes(16, "big")) for number, chosen in enumerate(sent)]
    tally = paper_ballots.added(ballots.count(paper, records), stack)
    by_hand = Counter(place for one in (*sent, *written) if one for place in one)
    assert tally.votes == tuple(by_hand[place] for place in range(len(paper.choices)))
    assert tally.abstained == sum(one == [] for one in (*sent, *written))
    assert tally.void == sum(one is None for one in written)
    assert (tally.answered, tally.papers) == (len(sent) + len(written), len(written))
    assert len(tally.receipts) == len(sent)


@given(elections())
def test_what_is_packed_is_unpacked_and_of_one_length(found):
    paper, _sent, written = found
    stack = stack_of(paper, written)
    packed = paper_ballots.pack(stack)
    assert paper_ballots.unpack(packed, len(paper.choices)) == stack
    assert len(packed) == len(paper_ballots.pack(Stack(0, 0, 0, (0,))))


@pytest.mark.parametrize(
    ("stack", "can_be"),
    [
        (Stack(3, 0, 0, (3, 3)), True),
        (Stack(3, 1, 1, (1, 0)), True),
        (Stack(3, 2, 2, (0, 0)), False),
        (Stack(3, 0, 0, (1, 1)), False),
        (Stack(1, 0, 0, (2, 0)), False),
        (Stack(1, 0, 0, (-1, 2)), False),
        (Stack(0, 0, 0, (0, 0)), True),
    ],
)
def test_numbers_that_no_stack_gives_are_found(stack, can_be):
    assert paper_ballots.can_be(stack, Paper(CHOICES[:2], 2)) is can_be


def test_too_many_names_on_a_paper_are_found():
    assert not paper_ballots.can_be(Stack(2, 0, 0, (2, 2, 0)), Paper(CHOICES[:3], 1))


def test_readings_must_agree():
    one, other = Stack(3, 0, 1, (1, 1)), Stack(3, 1, 0, (1, 2))
    assert paper_ballots.differing(one, other) == ["abstained", "void", 1]
    assert paper_ballots.agreed([one]) is None
    assert paper_ballots.agreed([one, other]) is None
    assert paper_ballots.agreed([one, one, one]) == one
    assert paper_ballots.agreed([one, one, other]) is None
