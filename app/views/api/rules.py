"""Rules: values with clause, level and lock, and changing them within the lock."""

from datetime import date
from typing import Annotated, Any

from flask import Response
from pydantic import BaseModel, Field

from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.domain.rules import EffectiveRule
from app.services.rulebook.rule_listing import Row, rule_listing
from app.services.rulebook.rules import change_rule, change_rule_everywhere, pinned
from app.views.api.answering import OK, answer, listed, page_of
from app.views.api.family import Family
from app.views.api.fields import Answer, Body, Day, Id, MaybeId, Paging
from app.views.database import get_session
from app.views.session import current_actor

family = Family("rules", "规则")


class Wanted(Paging):
    organization: MaybeId = Field(None, description="单位；不写则为本人现任职务所在的单位")


class Change(Body):
    organization: Id
    value: Any
    from_on: Day = Field(alias="from")
    reason: Annotated[str, Field(max_length=2000)]
    programme: Annotated[str, Field(max_length=24)] | None = Field(None, description="不写则所有用到它的规则都改")


class Path(BaseModel):
    parameter: str


class Rule(Answer):
    parameter: str
    programme: str
    title: str
    value: Any
    text: str
    unit: str | None
    clause: dict[str, Any] | None
    level: str = Field(description="由哪一级规定")
    lock: str = Field(description="fixed 固定，floor 只能提高，ceiling 只能降低，free 可以改")
    from_on: date = Field(serialization_alias="from")


class Pending(Answer):
    value: Any
    text: str
    from_on: date = Field(serialization_alias="from")


class ListedRule(Rule):
    pending: list[Pending]


class Changed(Rule):
    programmes: list[str]


class Rules(Answer):
    items: list[ListedRule]
    next: str | None


@family.get("/rules", summary="单位现行的规则", responses={OK: Rules})
def index(query: Wanted) -> Response:
    """Return the rules in force in an organisation."""
    actor = current_actor()
    listing = rule_listing(get_session(), actor, query.organization or _own(actor))
    found = page_of([row for group in listing.groups.values() for row in group], query)
    return listed(map(_listed, found.items), found.next)


@family.put("/rules/<parameter>", summary="改一条规则的值，不能超出上级的规定", responses={OK: Changed})
def change(path: Path, body: Change) -> Response:
    """Set a value from a date."""
    found = _changed(path.parameter, body)
    programmes = [str(rule.pack.programme) for rule in found]
    return answer(Changed(**_facts(found[0], programmes[0]), programmes=programmes))


def _changed(parameter: str, body: Change) -> list[EffectiveRule]:
    session, actor, when, why = get_session(), current_actor(), body.from_on, body.reason
    if body.programme is None:
        return change_rule_everywhere(
            session, actor, body.organization, parameter, body.value, from_on=when, reason=why
        )
    changed = change_rule(
        session, actor, body.organization, body.programme, parameter, body.value, from_on=when, reason=why
    )
    return [changed]


def _own(actor: Actor) -> int:
    if actor.acting is None:
        raise NotFound
    return actor.acting.organization_id


def _listed(row: Row) -> ListedRule:
    pending = [Pending(value=one.rule.value, text=one.rule.text, from_on=one.from_on) for one in row.pending]
    return ListedRule(**_facts(row.rule, row.programme), pending=pending)


def _facts(rule: EffectiveRule, programme: str) -> dict[str, Any]:
    told = pinned(rule)
    return {
        "parameter": rule.key,
        "programme": programme,
        "title": told["title"],
        "value": told["value"],
        "text": told["text"],
        "unit": told["unit"],
        "clause": told["clause"],
        "level": told["issuer"],
        "lock": told["lock"],
        "from_on": rule.from_on,
    }
