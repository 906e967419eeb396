"""The decision on hosts as arithmetic: the declared formula, the order it gives, ties, and what departs from it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import groupby

# Marks and shares are whole hundredths, so that whoever recomputes a sheet by hand meets the same figures.
HUNDRED = 100
FULL = 100 * HUNDRED


class TieBreak(StrEnum):
    """How the rule breaks a tie of totals."""

    PANEL = "panel"
    REVIEW = "review"
    YEARS = "years"
    RUNOFF = "runoff"


class SheetKind(StrEnum):
    """Whom a decision sheet determines."""

    HOST = "host"
    MEMBER = "member"


class Departure(StrEnum):
    """Why a choice needs a written reason for a name."""

    PASSED_OVER = "passed_over"
    BROUGHT_FORWARD = "brought_forward"
    TIED = "tied"


@dataclass(frozen=True)
class Formula:
    """What is declared before anybody decides: full marks, papers counted, weights in per cent, seats, ties.

    `papers` is None where no vote was counted, `points` where nobody was scored: the other part counts alone.
    """

    points: int | None
    papers: int | None
    review_percent: int
    vote_percent: int
    seats: int
    tie_break: TieBreak

    @property
    def weights(self) -> tuple[int, int]:
        """Return the per cent of review and vote that count."""
        if not self.papers:
            return 100, 0
        return (self.review_percent, self.vote_percent) if self.points else (0, 100)


@dataclass(frozen=True)
class Candidate:
    """What is known of a candidate; mean mark and years as homeroom teacher are in hundredths."""

    id: int
    mean: int | None = None
    votes: int | None = None
    years: int | None = None
    runoff_votes: int | None = None


@dataclass(frozen=True)
class Standing:
    """Where a candidate stands; review, share and total are hundredths of a point of a hundred."""

    candidate: Candidate
    review: int | None
    share: int | None
    total: int | None
    place: int
    is_tied: bool


def hundredths(value: float | str) -> int:
    """Return a decimal number in whole hundredths, halves upwards."""
    return _rounded(Fraction(str(value)) * HUNDRED)


def ranked(formula: Formula, candidates: Iterable[Candidate]) -> list[Standing]:
    """Return the candidates in the formula's order; who is level by formula and rule shares a place."""
    scored = sorted((_score(formula, one) for one in candidates), key=lambda one: (_key(formula, one), one[0].id))
    found: list[Standing] = []
    for _key_of_group, group in groupby(scored, lambda one: _key(formula, one)):
        level = list(group)
        place = len(found) + 1
        found.extend(Standing(*one, place, len(level) > 1) for one in level)
    return found


def tie_at(standings: Sequence[Standing], seats: int) -> list[Standing]:
    """Return those who share the place on which the seats run out, or nobody."""
    last = next((one.place for one in reversed(standings[:seats])), None)
    level = [one for one in standings if one.place == last]
    return level if last is not None and last + len(level) - 1 > seats else []


def departures(standings: Sequence[Standing], seats: int, chosen: Collection[int]) -> Mapping[int, Departure]:
    """Return the names that need a written reason in a choice, by the order.

    Who comes within the seats and is not chosen was passed over, who comes behind them and is was brought
    forward. Where the seats run out in a tie, whoever is chosen of it needs the reason; who is not, only
    where a place of theirs stays empty or goes to somebody behind.
    """
    tied = {one.candidate.id for one in tie_at(standings, seats)}
    within = {one.candidate.id for one in standings[:seats]} - tied
    picked = set(chosen)
    needed = dict.fromkeys(within - picked, Departure.PASSED_OVER)
    needed |= dict.fromkeys(picked - within - tied, Departure.BROUGHT_FORWARD)
    needed |= dict.fromkeys(picked & tied, Departure.TIED)
    if len(picked & tied) < seats - len(within) and tied:
        needed |= dict.fromkeys(tied - picked, Departure.PASSED_OVER)
    return needed


def next_in_order(standings: Sequence[Standing], taken: Collection[int]) -> list[int]:
    """Return who comes next of those not taken yet: one, several who are level, or nobody."""
    left = [one for one in standings if one.candidate.id not in taken]
    return [one.candidate.id for one in left if one.place == left[0].place]


_Score = tuple[Candidate, int | None, int | None, int | None]


def _score(formula: Formula, one: Candidate) -> _Score:
    review = _rounded(Fraction(one.mean * 100, formula.points)) if formula.points and one.mean is not None else None
    share = _rounded(Fraction((one.votes or 0) * FULL, formula.papers)) if formula.papers else None
    of_review, of_vote = formula.weights
    if review is None and of_review:
        return one, review, share, None
    return one, review, share, _rounded(Fraction((review or 0) * of_review + (share or 0) * of_vote, 100))


def _key(formula: Formula, score: _Score) -> tuple[int, int]:
    one, review, _share, total = score
    if total is None:
        # Whom nobody scored comes last: no number may be invented.
        return 1, 0
    by_rule = {TieBreak.REVIEW: review, TieBreak.YEARS: one.years, TieBreak.RUNOFF: one.runoff_votes}
    return -total, -(by_rule.get(formula.tie_break) or 0)


def _rounded(value: Fraction) -> int:
    return int(value + Fraction(1, 2))
