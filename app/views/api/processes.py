"""What the caller may start."""

from collections.abc import Iterator
from typing import Any

from flask import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.domain.identity import Actor
from app.domain.policy import Action
from app.domain.rounds import ApplicationKind
from app.engine.forms import Form
from app.services.accounts.organizations import get_organization
from app.services.filling import option_lists
from app.services.publishing import definitions
from app.services.reading.forecasts import path_before
from app.services.rounds.eligibility import own_eligibility
from app.services.rounds.windows import rounds_for, why_closed
from app.services.starting.pinnings import pinned_for
from app.services.starting.prefills import prefilled
from app.services.starting.starts import Startable, startable
from app.views.api.answering import OK, answer, listed, page_of
from app.views.api.conditions import Conditions, conditions_of
from app.views.api.family import Family
from app.views.api.fields import Answer, Body, Id, MaybeId, Paging, Reference
from app.views.api.form_schemas import start_schema
from app.views.api.items import reference
from app.views.api.paths import PathAnswer, path_answer
from app.views.database import get_session
from app.views.errors import said
from app.views.session import current_actor

family = Family("processes", "流程")


class Wanted(Paging):
    organization: MaybeId = Field(None, description="单位；不写则为本人任职的全部单位")


class FromFile(Answer):
    """What a field begins with."""

    value: str | int | float | bool | None
    fact: str = Field(description="哪个事实，名单见 docs/facts.md")
    source: str = Field(description="来自哪类登记")
    evidence: list[int] = Field(description="由哪几条登记证明")


class FromRule(Answer):
    """What a field begins with, and how far it may be changed."""

    value: Any
    rule: str = Field(description="哪条规则")
    lock: str = Field(description="fixed 不能改，floor 只能提高，ceiling 只能降低，free 可以改")
    clause: dict[str, Any] | None = Field(description="哪份文件第几条；文件未规定的是 null")


class RoundConditions(Answer):
    """What a round asks of the caller, as host or as member."""

    round: Reference
    kind: ApplicationKind
    closed: str | None = Field(description="现在为什么不能提交；null 是可以")
    conditions: Conditions | None


class Process(Answer):
    key: str
    title: str
    version: int
    organization: Reference
    start_form: dict[str, Any] | None = Field(description="起草的表单；每个 valuesKey 的选项在 values 里")
    rules: dict[str, FromRule] = Field(description="写了 rule 的字段，按现行规则先填什么；不填就照规则")
    prefilled: dict[str, FromFile] = Field(
        description="写了 prefill 的字段，按本人档案先填什么；证明不了的 value 是 null"
    )
    eligibility: list[RoundConditions] = Field(description="能申报的批次，本人的条件符合不符合；不选批次的是空的")


class Processes(Answer):
    items: list[Process]
    next: str | None


class Typed(Body):
    organization: Id
    values: dict[str, Any] = Field(default_factory=dict, description="起草的表单填到现在的内容，可以不全")


class Key(BaseModel):
    key: str


@family.post("/processes/<key>/path", summary="流程预测：按填到现在的内容，发起以后怎样走", responses={OK: PathAnswer})
def foresee(path: Key, body: Typed) -> Response:
    """Return which steps would come, who would be asked, and by when; nothing is kept."""
    found = path_before(get_session(), current_actor(), path.key, body.organization, body.values)
    return answer(path_answer(found))


@family.get("/processes", summary="本人能发起的事", responses={OK: Processes})
def index(query: Wanted) -> Response:
    """Return what the caller may start, each with its form."""
    session, actor = get_session(), current_actor()
    if query.organization is not None:
        get_organization(session, actor, query.organization, Action.SEE_ORGANIZATION)
    found = page_of(startable(session, actor, query.organization), query)
    return listed([_process(session, actor, one) for one in found.items], found.next)


def _rules(session: Session, one: Startable, form: Form | None) -> dict[str, FromRule]:
    held = pinned_for(session, one.version, one.organization)
    named = {key: field.rule for key, field in form.fields.items() if field.rule in held} if form else {}
    return {
        key: FromRule(value=held[rule]["value"], rule=rule, lock=held[rule]["lock"], clause=held[rule]["clause"])
        for key, rule in named.items()
    }


def _process(session: Session, actor: Actor, one: Startable) -> Process:
    process = definitions.part_of(one.version)
    form = process.form_of(process.model.start.id)
    keys = form.list_keys if form else ()
    options = option_lists.options_for(session, actor, one.organization.id, keys)
    return Process(
        key=process.package.key,
        title=process.package.manifest.title,
        version=one.version.number,
        organization=reference(one.organization),
        start_form=start_schema(process, options),
        rules=_rules(session, one, form),
        prefilled={
            key: FromFile(
                value=found.value, fact=found.fact.name, source=found.fact.origin, evidence=list(found.evidence)
            )
            for key, found in prefilled(session, actor, one, options).items()
        },
        eligibility=list(_eligibility(session, actor, one)) if "open_rounds" in keys else [],
    )


def _eligibility(session: Session, actor: Actor, one: Startable) -> Iterator[RoundConditions]:
    for found in rounds_for(session, one.organization):
        closed = why_closed(found)
        for kind in ApplicationKind:
            asked = own_eligibility(session, found, kind, actor.person_id, one.organization.id)
            yield RoundConditions(
                round=Reference(id=found.id, name=found.title),
                kind=kind,
                closed=said(closed) if closed else None,
                conditions=conditions_of(asked) if asked else None,
            )
