"""Absences: who is away, who does the tasks meanwhile; set for oneself, or by an administrator with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from app.db.absences import Absence
from app.db.people import Organization
from app.db.queries.absences import link_of, positions
from app.db.work import WorkItem
from app.domain import clock
from app.domain.absences import MOST_LINKS, Fault, Link, fault
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.identity import Actor
from app.domain.policy import Action, allows
from app.domain.text import N_, Sentence, sentence, visible
from app.services.absence import absence_notices
from app.services.accounts.organizations import get_organization, in_scope, place_of
from app.services.journal import record_organization
from app.services.publishing import versions
from app.services.transactions import writing

LONGEST = timedelta(days=366)
LONGEST_REASON = 200
MOST_DONE = 20
Errors = dict[str, list[Sentence]]

REFUSALS = {
    Fault.DOUBLE: N_("这段时间里，同样的事项已经委托给人了。请先结束原来的委托，或者改起止、事项。"),
    Fault.CIRCLE: N_("不能委托给这个人：转来转去又回到本人这里。请换一个人。"),
    Fault.TOO_LONG: N_("不能委托给这个人：代理最多接着转 %(most)d 次。请换一个不外出的人。"),
}


@dataclass(frozen=True)
class AbsenceDraft:
    """Whose tasks, to whom, from when until when, and for which processes; none means all."""

    principal_id: int
    substitute_id: int | None
    from_at: datetime | None
    until_at: datetime | None
    processes: Sequence[str] | None = None
    reason: str | None = None


def set_absence(session: Session, actor: Actor, organization_id: int, draft: AbsenceDraft) -> Absence:
    """Let a substitute do the tasks of somebody away; an administrator may set it for others, with a reason.

    Raises Invalid by field, NotFound or Forbidden.
    """
    with writing(session):
        organization = get_organization(session, actor, organization_id, Action.SEE_ORGANIZATION)
        if draft.principal_id != actor.person_id and not allows(actor, Action.SET_ABSENCE, place_of(organization)):
            raise Forbidden(N_("只有本单位的管理员能替别人设置代理。"))
        # One absence after the other: chains and circles are made of several.
        session.execute(
            select(Organization.id).where(Organization.id == organization.id).with_for_update(key_share=True)
        )
        errors = _errors(session, actor, organization, draft)
        if errors:
            raise Invalid(errors)
        found = _written(actor, organization, draft)
        session.add(found)
        session.flush()
        record_organization(session, organization.id, actor, "set_absence", _described(found))
        absence_notices.tell_set(session, found)
    return found


def end_absence(session: Session, actor: Actor, absence_id: int) -> Absence:
    """End an absence now, or cancel it before it begins; tasks leave the substitute at once.

    Raises NotFound, Forbidden for the substitute, Conflict where it is over.
    """
    with writing(session):
        found = _in_sight(session, actor, absence_id)
        session.execute(select(Absence.id).where(Absence.id == found.id).with_for_update())
        session.refresh(found, ["ended_at"])
        if not may_end(actor, found):
            raise Forbidden(N_("只有委托人本人和本单位的管理员能结束代理。"))
        now = clock.now()
        if found.ended_at is not None or found.until_at <= now:
            raise Conflict(N_("这次代理已经结束。"))
        found.ended_at, found.ended_by_id = now, actor.person_id
        record_organization(session, found.organization_id, actor, "end_absence", {"id": found.id})
        absence_notices.tell_ended(session, found)
    return found


def absences_for(session: Session, actor: Actor) -> list[Absence]:
    """Return the absences of the person, those where the person stands in, and those administered; the latest first."""
    query = select(Absence).join(Organization).where(_is_in_sight(actor))
    people = (Absence.principal, Absence.substitute, Absence.entered_by, Absence.organization)
    return list(session.scalars(query.options(*map(joinedload, people)).order_by(Absence.id.desc())))


def done_for(session: Session, actor: Actor) -> list[WorkItem]:
    """Return what substitutes did for the person, the latest first."""
    query = select(WorkItem).where(WorkItem.closed_for_id == actor.person_id)
    around = (WorkItem.closed_by, WorkItem.instance, WorkItem.organization)
    query = query.options(*map(joinedload, around)).order_by(WorkItem.closed_at.desc(), WorkItem.id.desc())
    return list(session.scalars(query.limit(MOST_DONE)))


def may_end(actor: Actor, found: Absence) -> bool:
    """Tell whether a person may end an absence: who is away, and administrators."""
    return actor.person_id == found.principal_id or allows(actor, Action.SET_ABSENCE, place_of(found.organization))


def _is_in_sight(actor: Actor) -> ColumnElement[bool]:
    is_party = (Absence.principal_id == actor.person_id, Absence.substitute_id == actor.person_id)
    return or_(*is_party, in_scope(actor, Action.SET_ABSENCE))


def _in_sight(session: Session, actor: Actor, absence_id: int) -> Absence:
    query = select(Absence).join(Organization).where(Absence.id == absence_id, _is_in_sight(actor))
    found = session.scalar(query.options(joinedload(Absence.organization)))
    if found is None:
        raise NotFound
    return found


def _errors(session: Session, actor: Actor, organization: Organization, draft: AbsenceDraft) -> Errors:
    errors = _people_errors(session, organization, draft) | _period_errors(draft)
    known = versions.titles_in_sight(session, actor)
    if draft.processes is not None and (not draft.processes or set(draft.processes) - set(known)):
        errors["processes"] = [sentence(N_("请选委托哪些事项。"))]
    reason = visible(draft.reason or "").strip()
    if not reason and draft.principal_id != actor.person_id:
        errors["reason"] = [sentence(N_("请写明为什么替他设置，双方都会看到。"))]
    if len(reason) > LONGEST_REASON:
        errors["reason"] = [sentence(N_("原因最多 %(most)d 字。"), most=LONGEST_REASON)]
    return errors or _chain_errors(session, organization, draft)


def _people_errors(session: Session, organization: Organization, draft: AbsenceDraft) -> Errors:
    people = {draft.principal_id, draft.substitute_id} - {None}
    held = positions(session, [one for one in people if one is not None], [organization.id], clock.today())
    here = {position.person_id for position, _person, _organization in held}
    errors: Errors = {}
    if draft.principal_id not in here:
        errors["principal"] = [sentence(N_("请选本单位在任的人。"))]
    if draft.substitute_id == draft.principal_id:
        errors["substitute"] = [sentence(N_("不能委托给本人，请选别人。"))]
    elif draft.substitute_id not in here:
        errors["substitute"] = [sentence(N_("请选一位本单位在任的同事代理。"))]
    return errors


def _period_errors(draft: AbsenceDraft) -> Errors:
    if draft.from_at is None:
        return {"from": [sentence(N_("请填从哪天起。"))]}
    if draft.from_at < clock.at(clock.today()):
        return {"from": [sentence(N_("最早从今天起，以前的事已经办过了。"))]}
    if draft.until_at is None:
        return {"until": [sentence(N_("请填到哪天止。"))]}
    if draft.until_at <= max(draft.from_at, clock.now()):
        return {"until": [sentence(N_("止要晚于起，也要晚于现在。"))]}
    if draft.until_at - draft.from_at > LONGEST:
        return {"until": [sentence(N_("一次最长一年。"))]}
    return {}


def _chain_errors(session: Session, organization: Organization, draft: AbsenceDraft) -> Errors:
    query = select(Absence).where(
        Absence.organization_id == organization.id, Absence.ended_at.is_(None), Absence.until_at > clock.now()
    )
    found = fault([link_of(one) for one in session.scalars(query)], _link(draft))
    if found is None:
        return {}
    return {"from" if found is Fault.DOUBLE else "substitute": [sentence(REFUSALS[found], most=MOST_LINKS)]}


def _link(draft: AbsenceDraft) -> Link:
    """Return what a draft without errors says of tasks."""
    substitute_id, from_at, until_at = draft.substitute_id, draft.from_at, draft.until_at
    assert substitute_id is not None  # noqa: S101 - refused before, as the two below
    assert from_at is not None  # noqa: S101
    assert until_at is not None  # noqa: S101
    processes = None if draft.processes is None else frozenset(draft.processes)
    return Link(draft.principal_id, substitute_id, from_at, until_at, processes)


def _written(actor: Actor, organization: Organization, draft: AbsenceDraft) -> Absence:
    link = _link(draft)
    return Absence(
        organization_id=organization.id,
        principal_id=link.principal,
        substitute_id=link.substitute,
        from_at=link.begins_at,
        until_at=link.until_at,
        processes=None if link.processes is None else sorted(link.processes),
        reason=visible(draft.reason or "").strip() or None,
        entered_by_id=actor.person_id,
    )


def _described(found: Absence) -> dict[str, object]:
    return {
        "id": found.id,
        "principal": found.principal_id,
        "substitute": found.substitute_id,
        "from": found.from_at.isoformat(),
        "until": found.until_at.isoformat(),
        "processes": found.processes,
        "reason": found.reason,
    }
