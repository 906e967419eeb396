"""Which ranks somebody's file reaches: the rank that each column of the ladder allows, and the one that counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.dossiers import Rank
from app.domain.facts import FACTS, Fact, FactValue, choice_of
from app.domain.ladder import UNRANKED, Rung, is_above, ladder_rules, rungs
from app.domain.ranks import RankApplicationKind
from app.engine.decisions.columns import Column, Passed, judge_columns
from app.services.dossiers.condition_inputs import rung_names
from app.services.dossiers.condition_tables import ELIGIBILITY, load_tables

HOLDS = "rank"


@dataclass(frozen=True)
class ReachColumn:
    """A column of the ladder: the fact that it looks at, and the ranks that it alone allows, the lowest first."""

    title: str
    fact: Fact
    value: FactValue
    ranks: tuple[Rank, ...]

    @property
    def allows(self) -> Rank | None:
        """Return the highest rank that the column allows."""
        return self.ranks[-1] if self.ranks else None


@dataclass(frozen=True)
class Reach:
    """What somebody may apply for by the table: column by column, and what all of them allow, the lowest first."""

    held: Rank | None
    # Whether whoever has no rank is in the first year yet, and so not in the review.
    is_first_year: bool
    columns: tuple[ReachColumn, ...]
    allowed: tuple[Rank, ...]
    # What may be applied for against the table, with a decision of its own.
    exceptional: tuple[Rank, ...]
    # What lies above the rank held.
    above: tuple[Rung, ...]

    @property
    def kind(self) -> RankApplicationKind:
        """Return the way to the rank that counts: a first placement, or a promotion."""
        return RankApplicationKind.FIRST if self.held in UNRANKED else RankApplicationKind.PROMOTION

    @property
    def counts(self) -> Rank | None:
        """Return the highest rank that all columns allow."""
        return self.allowed[-1] if self.allowed else None

    @property
    def aim(self) -> Rung | None:
        """Return the rank that counts, else the lowest above the one held; None at the top."""
        return self.rung(self.counts) if self.counts else next(iter(self.above), None)

    @property
    def climbs_to(self) -> tuple[Rank, ...]:
        """Return the ranks to which one climbs from the rank held, whatever else they ask."""
        return next(one.ranks for one in self.columns if one.fact.name == HOLDS)

    @property
    def higher(self) -> Rung | None:
        """Return the rank after the one that counts, where one might go there at once."""
        if self.counts is None:
            return None
        return next((one for one in self.above if one.rank in self.climbs_to and is_above(one.rank, self.counts)), None)

    def way_to(self, rank: Rank) -> RankApplicationKind | None:
        """Return by which way one may apply for a rank; None where one may not."""
        if rank in self.exceptional:
            return RankApplicationKind.EXCEPTIONAL
        return self.kind if rank in self.allowed else None

    def rung(self, rank: str) -> Rung | None:
        """Return what a rank above the one held asks; None of any other."""
        return next((one for one in self.above if one.rank == rank), None)


def reach_of(rules: Mapping[str, Any], facts: Mapping[str, FactValue], *, is_direct: bool) -> Reach | None:
    """Return which ranks facts reach by the values of rules; None where there is no ladder."""
    ladder = ladder_rules(rules, is_direct=is_direct)
    if ladder is None:
        return None
    value = facts[HOLDS].value
    held = Rank(value) if isinstance(value, str) else None
    steps = rungs(ladder, held)
    passed = _passed(steps, facts, rules["rank.assistant_years"])
    allowed = tuple(Rank(one) for one in passed.outputs if one != Rank.ASSISTANT)
    above = tuple(one for one in steps if is_above(one.rank, held))
    return Reach(
        held,
        Rank.ASSISTANT in passed.outputs,
        tuple(_column(one, facts) for one in passed.columns),
        allowed,
        tuple(Rank(one.rank) for one in above if rules["rank.exceptional"] and one.rank not in allowed),
        above,
    )


def _passed(steps: Sequence[Rung], facts: Mapping[str, FactValue], assistant_years: int) -> Passed:
    ranks = {one.rank: rung_names(one) for one in steps}
    names = {name: one.value for name, one in facts.items()}
    values = {**names, "ranks": {**ranks, Rank.ASSISTANT.value: {"years_limit": assistant_years}}}
    return judge_columns(load_tables()[ELIGIBILITY], ELIGIBILITY, values)


def _column(column: Column, facts: Mapping[str, FactValue]) -> ReachColumn:
    (name,) = column.names & FACTS.keys()
    fact = choice_of(name)
    return ReachColumn(column.title, fact, facts[fact.name], tuple(map(Rank, column.outputs)))
