"""What a person's file proves, and what the person may apply for."""

from flask import Response
from pydantic import Field

from app.domain.facts import FACTS, FactState, FactType, FactValue
from app.services.dossiers.prospects import prospects_of, proven_of
from app.views.api.answering import OK, answer, known
from app.views.api.conditions import Conditions, conditions_of
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
            items=[conditions_of(one) for one in found.explanations],
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
