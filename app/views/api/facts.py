"""What a person's file proves, and what the person may apply for."""

from typing import Literal

from flask import Response
from pydantic import Field

from app.domain.facts import FACTS, FactState, FactType, FactValue
from app.services.dossiers.explanations import Condition, Explanation
from app.services.dossiers.prospects import prospects_of, proven_of
from app.views.api.answering import OK, answer, known
from app.views.api.family import Family
from app.views.api.fields import Answer, Body, Day, MaybeDay, Path, Reference
from app.views.api.items import reference
from app.views.database import get_session
from app.views.session import current_actor

family = Family("facts", "档案里的事实")


class AsOf(Body):
    as_of: MaybeDay = Field(None, description="算到哪一天，默认今天")


class Fact(Answer):
    """One fact."""

    name: str = Field(description="名单见 docs/facts.md")
    title: str
    type: FactType
    value: str | int | float | bool | None = Field(description="证明不了的是 null")
    unit: str
    source: str = Field(description="来自哪类登记")
    state: FactState = Field(description="proven 有登记证明；absent 证明不了")
    evidence: list[int] = Field(description="由哪几条登记证明")


class Facts(Answer):
    person: Reference
    organization: Reference
    as_of: Day
    facts: list[Fact]


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


class Conditions(Answer):
    """What one application asks for."""

    table: str
    title: str
    target: str = Field(description="对应的职级；不是职级的是空")
    is_first_placement: bool
    as_of: Day
    years_until: Day = Field(description="任班主任年限算到哪一天")
    conditions: list[ConditionRow]


class Applications(Answer):
    person: Reference
    organization: Reference | None
    items: list[Conditions]


@family.get("/people/<int:id>/facts", summary="一个人的档案证明了什么", responses={OK: Facts})
def facts(path: Path, query: AsOf) -> Response:
    """Return every fact of a person whose file the caller may see."""
    found = proven_of(get_session(), current_actor(), known(path.id), query.as_of)
    return answer(
        Facts(
            person=Reference(id=found.person.id, name=found.person.name),
            organization=reference(found.school),
            as_of=found.as_of,
            facts=[_fact(name, one) for name, one in found.facts.items()],
        )
    )


@family.get("/people/<int:id>/conditions", summary="一个人能申报什么，还缺什么", responses={OK: Applications})
def conditions(path: Path) -> Response:
    """Return each table of conditions with what is met, not met and not provable."""
    found = prospects_of(get_session(), current_actor(), known(path.id))
    return answer(
        Applications(
            person=Reference(id=found.person.id, name=found.person.name),
            organization=reference(found.school) if found.school else None,
            items=[_conditions(one) for one in found.explanations],
        )
    )


def _fact(name: str, found: FactValue) -> Fact:
    fact = FACTS[name]
    return Fact(
        name=name,
        title=fact.title,
        type=fact.type,
        value=found.value,
        unit=fact.unit,
        source=fact.origin,
        state=found.state,
        evidence=list(found.evidence),
    )


def _conditions(found: Explanation) -> Conditions:
    return Conditions(
        table=found.table,
        title=found.title,
        target=found.target,
        is_first_placement=found.is_first_placement,
        as_of=found.as_of,
        years_until=found.years_until,
        conditions=[_condition(one) for one in found.conditions],
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
