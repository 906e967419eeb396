"""Closing rules: what was decided early holds, every end is one of those foretold, and nothing stays open for ever."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.tally import (
    ABSTAIN,
    INCOMPLETE,
    NO_QUORUM,
    RECUSED,
    TIED,
    Closing,
    Count,
    Rule,
    needed,
    outcome,
    outcomes_of,
    share_of,
)

VERDICTS = ("agree", "disagree", ABSTAIN)
TWO_THIRDS = Fraction(2, 3)
RANK_REVIEW = Rule(Closing.QUORUM, VERDICTS, quorum=TWO_THIRDS, majority=TWO_THIRDS)


def ended(rule: Rule, roll: int, *, recused: int = 0, is_due: bool = False, **votes: int) -> str | None:
    return outcome(rule, Count(roll, recused, votes), is_due=is_due)


def test_everyone_must_answer() -> None:
    rule = Rule(Closing.ALL, VERDICTS)
    assert ended(rule, 3, agree=2) is None
    assert ended(rule, 3, agree=2, is_due=True) == INCOMPLETE
    assert ended(rule, 3, agree=2, disagree=1) == "agree"
    assert ended(rule, 3, agree=1, disagree=1, abstain=1) == TIED
    assert ended(rule, 3, abstain=3) == NO_QUORUM
    assert ended(rule, 3, agree=2, recused=1) == "agree"


def test_the_first_answer_decides() -> None:
    rule = Rule(Closing.FIRST, ("agree", "disagree"))
    assert ended(rule, 9) is None
    assert ended(rule, 9, is_due=True) == INCOMPLETE
    assert ended(rule, 9, disagree=1) == "disagree"


def test_a_ratio_closes_as_soon_as_nothing_can_change_it() -> None:
    rule = Rule(Closing.RATIO, VERDICTS, quorum=TWO_THIRDS)
    assert ended(rule, 9, agree=5, disagree=3) is None
    assert ended(rule, 9, agree=6) == "agree"
    assert ended(rule, 9, disagree=3) is None
    assert ended(rule, 9, disagree=3, abstain=1) == "disagree"
    assert ended(rule, 9, agree=5, is_due=True) == "disagree"
    # The recused are not counted: two thirds of six.
    assert ended(rule, 9, recused=3, agree=4) == "agree"


def test_a_rank_review_counts_votes_cast_where_the_quorum_is_there() -> None:
    assert ended(RANK_REVIEW, 9, agree=4, disagree=2) is None
    assert ended(RANK_REVIEW, 9, agree=4, disagree=2, is_due=True) == "agree"
    assert ended(RANK_REVIEW, 9, agree=5, is_due=True) == NO_QUORUM
    # Who abstains is there, and casts no vote.
    assert ended(RANK_REVIEW, 9, agree=2, disagree=1, abstain=3, is_due=True) == "agree"
    assert ended(RANK_REVIEW, 9, agree=3, disagree=3, is_due=True) == "disagree"
    assert ended(RANK_REVIEW, 9, recused=3, agree=3, disagree=1, is_due=True) == "agree"
    assert ended(RANK_REVIEW, 6, agree=4, disagree=2) == "agree"


def test_a_quorum_may_be_a_number_of_people() -> None:
    rule = Rule(Closing.QUORUM, VERDICTS, quorum=Fraction(5))
    assert ended(rule, 20, agree=5, is_due=True) == "agree"
    assert ended(rule, 20, agree=4, is_due=True) == NO_QUORUM
    assert ended(rule, 4, agree=4) == NO_QUORUM


def test_unanimity_is_a_majority_of_one() -> None:
    rule = Rule(Closing.ALL, VERDICTS, majority=Fraction(1))
    assert ended(rule, 3, agree=2, abstain=1) == "agree"
    assert ended(rule, 3, agree=2, disagree=1) == "disagree"


@pytest.mark.parametrize("closing", Closing)
def test_an_empty_roll_has_no_quorum(closing: Closing) -> None:
    rule = Rule(closing, VERDICTS, quorum=TWO_THIRDS)
    assert ended(rule, 0) == ended(rule, 2, recused=2) == NO_QUORUM


@pytest.mark.parametrize(
    ("value", "share"),
    [
        (2 / 3, TWO_THIRDS),
        (0.5, Fraction(1, 2)),
        (5, Fraction(5)),
        (1, Fraction(1)),
        (1.0, Fraction(1)),
        ("2/3", TWO_THIRDS),
    ],
)
def test_shares_are_exact(value: object, share: Fraction) -> None:
    assert share_of(value) == share


@pytest.mark.parametrize("value", [0, -1, 1.5, True, None, "3/2", "1/0", "two thirds", 0.0001])
def test_what_is_neither_share_nor_number_is_none(value: object) -> None:
    assert share_of(value) is None


@given(st.integers(1, 5_000))
def test_two_thirds_are_rounded_up_without_a_slip(members: int) -> None:
    wanted = needed(share_of(2 / 3), members)
    assert 3 * wanted >= 2 * members > 3 * (wanted - 1)


RULES = st.builds(
    Rule,
    st.sampled_from(Closing),
    st.sampled_from([VERDICTS, ("accept", "refuse"), ("agree", "disagree", "return", ABSTAIN)]),
    st.sampled_from([Fraction(1, 2), TWO_THIRDS, Fraction(3, 4), Fraction(1), Fraction(3)]),
    st.sampled_from([None, Fraction(1, 2), TWO_THIRDS, Fraction(1)]),
)


@given(RULES, st.integers(0, 12), st.data())
def test_whoever_answers_next_the_task_ends_in_time_and_as_foretold(rule: Rule, roll: int, data: st.DataObject) -> None:
    answers = st.sampled_from([*rule.verdicts, RECUSED])
    count, early = Count(roll), None
    for _member in range(roll):
        early = early or outcome(rule, count, is_due=False)
        count = count.adding(data.draw(answers))
    end = outcome(rule, count, is_due=False)
    foretold = outcomes_of(rule.closing, rule.verdicts, has_majority=rule.majority is not None, has_deadline=True)
    assert end is not None
    assert {end, early or end, outcome(rule, count, is_due=True)} <= foretold | {ABSTAIN}


@given(
    st.sampled_from([Fraction(1, 2), TWO_THIRDS, Fraction(3, 4), Fraction(3)]),
    st.lists(st.sampled_from(VERDICTS), max_size=12),
)
def test_what_a_ratio_decided_early_holds_to_the_last_answer(quorum: Fraction, answers: list[str]) -> None:
    rule, count = Rule(Closing.RATIO, VERDICTS, quorum=quorum), Count(len(answers))
    seen = []
    for answer in answers:
        count = count.adding(answer)
        seen.append(outcome(rule, count, is_due=False))
    decided = [found for found in seen if found is not None]
    assert len(set(decided)) <= 1
    assert not answers or seen[-1] is not None


@given(RULES, st.lists(st.sampled_from(("agree", "disagree", "accept", "refuse")), max_size=8))
def test_at_the_deadline_nothing_stays_open(rule: Rule, answers: list[str]) -> None:
    count = Count(len(answers) + 3)
    for answer in answers:
        count = count.adding(answer if answer in rule.verdicts else rule.verdicts[0])
    assert outcome(rule, count, is_due=True) is not None
