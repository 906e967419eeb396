"""How a collective task ends: closing rules over counts, never over rows (DESIGN §3).

Members are the roll without the recused. Who abstains has answered, but cast no vote.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from math import ceil

ABSTAIN = "abstain"
# The answer of a member who steps aside; it is none of the diagram's verdicts.
RECUSED = "recused"
# Outcomes that no member can give.
NO_QUORUM = "no_quorum"
INCOMPLETE = "incomplete"
TIED = "tied"
NO_RESULT = frozenset({NO_QUORUM, INCOMPLETE, TIED})
# How a secret ballot ends where enough people voted.
COUNTED = "counted"
BALLOT_OUTCOMES = frozenset({COUNTED, NO_QUORUM})
# How a panel's scoring ends where everybody scored; else it is incomplete.
SCORED = "scored"
PANEL_OUTCOMES = frozenset({SCORED, INCOMPLETE})
LARGEST_DENOMINATOR = 1000
_WRITTEN = re.compile(r"[1-9][0-9]{0,2}/[1-9][0-9]{0,2}")
# Fewer confidential answers than this would tell by their counts who said what.
SMALL = 5


class Closing(StrEnum):
    """When a collective task closes."""

    ALL = "all"
    FIRST = "first"
    RATIO = "ratio"
    QUORUM = "quorum"


class Secrecy(StrEnum):
    """Who may see who said what."""

    NAMED = "named"
    CONFIDENTIAL = "confidential"
    # Not even the platform knows before two scrutineers count, and nobody after.
    SECRET = "secret"  # noqa: S105 - a word of the diagram, no password


@dataclass(frozen=True)
class Rule:
    """A closing rule, frozen at opening; of the verdicts the first approves.

    `quorum` is below 1 a share of the members, else a number of them: who must agree under `ratio`, who
    must answer under `quorum`. `majority` is the share of the votes cast that must agree (1: all of
    them); without it most votes decide.
    """

    closing: Closing
    verdicts: tuple[str, ...]
    quorum: Fraction | None = None
    majority: Fraction | None = None

    @property
    def choices(self) -> tuple[str, ...]:
        """Return the verdicts that are votes."""
        return tuple(verdict for verdict in self.verdicts if verdict != ABSTAIN)


@dataclass(frozen=True)
class Count:
    """How many were asked, stepped aside, and answered what."""

    roll: int
    recused: int = 0
    votes: Mapping[str, int] = field(default_factory=dict)

    @property
    def members(self) -> int:
        """Return how many may answer or did."""
        return self.roll - self.recused

    @property
    def answered(self) -> int:
        """Return how many answered."""
        return sum(self.votes.values())

    @property
    def missing(self) -> int:
        """Return how many have not answered yet."""
        return self.members - self.answered

    @property
    def cast(self) -> int:
        """Return how many votes were cast, abstentions left out."""
        return self.answered - self.votes.get(ABSTAIN, 0)

    def adding(self, answer: str) -> "Count":
        """Return the count with one answer more, or with one member less for a recusal."""
        if answer == RECUSED:
            return replace(self, recused=self.recused + 1)
        return replace(self, votes={**self.votes, answer: self.votes.get(answer, 0) + 1})


def outcome(rule: Rule, count: Count, *, is_due: bool) -> str | None:
    """Return how the task ends now, or None while it stays open."""
    if count.members == 0:
        return NO_QUORUM
    return _OUTCOMES[rule.closing](rule, count, is_due)


def outcomes_of(closing: str, verdicts: tuple[str, ...], *, has_majority: bool, has_deadline: bool) -> frozenset[str]:
    """Return every outcome that a rule may come to; an empty roll leaves any rule without a quorum."""
    choices = {verdict for verdict in verdicts if verdict != ABSTAIN}
    found = {NO_QUORUM} | choices
    if has_deadline and closing in {Closing.ALL, Closing.FIRST}:
        found.add(INCOMPLETE)
    if closing in {Closing.ALL, Closing.QUORUM} and not has_majority and len(choices) > 1:
        found.add(TIED)
    return frozenset(found)


def needed(quorum: Fraction | None, members: int) -> int:
    """Return how many of the members a quorum asks for: a share rounded up, from 1 on that number of people."""
    if quorum is None:
        return members
    return ceil(quorum * members) if quorum < 1 else ceil(quorum)


def has_quorum(quorum: Fraction | None, roll: int, answered: int) -> bool:
    """Tell whether enough people of a roll voted in a secret ballot; without any vote it never is."""
    return answered >= max(1, needed(quorum, roll))


def tells_counts(secrecy: str, count: Count) -> bool:
    """Tell whether it may be known how many gave each answer, once the task is closed; of a ballot the tally tells."""
    return secrecy == Secrecy.NAMED or (secrecy == Secrecy.CONFIDENTIAL and count.answered >= SMALL)


def share_of(value: object) -> Fraction | None:
    """Return a value as a share or number of people, also as rules write it: 2/3; None for what is neither."""
    if isinstance(value, str) and _WRITTEN.fullmatch(value):
        written = Fraction(value)
        return written if written <= 1 else None
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        return None
    found = Fraction(value).limit_denominator(LARGEST_DENOMINATOR)
    return None if found <= 0 or (found > 1 and found.denominator > 1) else found


def _all(rule: Rule, count: Count, is_due: bool) -> str | None:  # noqa: FBT001 - one signature for all rules
    if count.missing:
        return INCOMPLETE if is_due else None
    return _decision(rule, count)


def _first(_rule: Rule, count: Count, is_due: bool) -> str | None:  # noqa: FBT001
    given = next((verdict for verdict, number in count.votes.items() if number), None)
    return given or (INCOMPLETE if is_due else None)


def _ratio(rule: Rule, count: Count, is_due: bool) -> str | None:  # noqa: FBT001
    """Close as soon as nothing can change the outcome; who is missing at the deadline did not agree."""
    agreed, wanted = count.votes.get(rule.choices[0], 0), needed(rule.quorum, count.members)
    if agreed >= wanted:
        return rule.choices[0]
    is_lost = agreed + count.missing < wanted
    return rule.choices[1] if is_due or is_lost else None


def _quorum(rule: Rule, count: Count, is_due: bool) -> str | None:  # noqa: FBT001
    if count.missing and not is_due:
        return None
    if count.answered < needed(rule.quorum, count.members):
        return NO_QUORUM
    return _decision(rule, count)


def _decision(rule: Rule, count: Count) -> str:
    """Return what the votes cast decide."""
    if not count.cast:
        return NO_QUORUM
    if rule.majority is not None:
        agreed = count.votes.get(rule.choices[0], 0)
        return rule.choices[0] if agreed >= ceil(rule.majority * count.cast) else rule.choices[1]
    most = max(count.votes.get(choice, 0) for choice in rule.choices)
    leading = [choice for choice in rule.choices if count.votes.get(choice, 0) == most]
    return leading[0] if len(leading) == 1 else TIED


_OUTCOMES = {Closing.ALL: _all, Closing.FIRST: _first, Closing.RATIO: _ratio, Closing.QUORUM: _quorum}
