"""What an application asks for, condition by condition."""

from typing import Literal

from pydantic import Field

from app.domain.dossiers import Rank
from app.domain.ranks import RankApplicationKind
from app.services.dossiers.explanations import Condition, Explanation
from app.services.dossiers.rank_reach import Reach
from app.views.api.fields import Answer, Day


class ClauseBehind(Answer):
    document: str
    article: str
    phrase: str


class ConditionRow(Answer):
    """One condition of an application."""

    id: str
    title: str
    requirement: str = Field(description="要求，按现行规则")
    state: Literal["met", "not_met", "not_provable"]
    is_pending: bool = Field(description="已经登记，等核实")
    fact: str | None = Field(description="看哪个事实；null 是不看档案的，例如由评审组认定")
    value: str | int | float | bool | None
    evidence: list[int]
    expected_on: Day | None = Field(description="只差年限、照现在任职的话，到哪一天够")
    parameter: str = Field(description="哪条规则要求的")
    clause: ClauseBehind | None = Field(description="出处；null 是文件未规定，单位自己设的")


class ReachColumnRow(Answer):
    """What one column of the ladder allows."""

    title: str
    fact: str
    value: str | int | float | bool | None
    allows: Rank | None = Field(description="单看这一项够得上的最高一档；assistant 是一档也够不上")


class RankReach(Answer):
    """The ranks within reach."""

    held: Rank | None
    kind: RankApplicationKind = Field(description="first 一次性对应；promotion 晋升一级")
    counts: Rank | None = Field(description="各项都够得上的最高一档；null 是一档也够不上")
    allowed: list[Rank] = Field(description="各项都够得上的各档，从低到高")
    exceptional: list[Rank] = Field(description="只能破格申报的各档")
    is_first_year: bool = Field(description="任职第一年，还不参加评审")
    columns: list[ReachColumnRow]


class Conditions(Answer):
    """What one application asks for."""

    table: str
    title: str
    target: str = Field(description="对应的职级；不是职级的是空")
    is_first_placement: bool
    as_of: Day
    years_until: Day = Field(description="任班主任年限算到哪一天")
    conditions: list[ConditionRow]
    reach: RankReach | None = Field(description="够得上哪一档职级；不是职级的是 null")


def conditions_of(found: Explanation) -> Conditions:
    """Write the conditions of one table."""
    return Conditions(
        table=found.table,
        title=found.title,
        target=found.target,
        is_first_placement=found.is_first_placement,
        as_of=found.as_of,
        years_until=found.years_until,
        conditions=[_condition(one) for one in found.conditions],
        reach=_reach(found.reach) if found.reach else None,
    )


def _reach(reach: Reach) -> RankReach:
    return RankReach(
        held=reach.held,
        kind=reach.kind,
        counts=reach.counts,
        allowed=list(reach.allowed),
        exceptional=list(reach.exceptional),
        is_first_year=reach.is_first_year,
        columns=[
            ReachColumnRow(title=one.title, fact=one.fact.name, value=one.value.value, allows=one.allows)
            for one in reach.columns
        ],
    )


def _condition(one: Condition) -> ConditionRow:
    clause = one.rule["clause"]
    return ConditionRow(
        id=one.id,
        title=one.title,
        requirement=one.requirement,
        state=one.state.value,
        is_pending=one.is_pending,
        fact=one.fact.name if one.fact else None,
        value=one.value.value,
        evidence=[entry.id for entry in one.evidence],
        expected_on=one.expected_on,
        parameter=one.parameter,
        clause=ClauseBehind(**{name: clause[name] for name in ("document", "article", "phrase")}) if clause else None,
    )
