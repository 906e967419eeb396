"""Who is told of a version of a process: whoever may approve it, and whoever submitted it."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.db.people import Organization, Person, Position
from app.db.processes import ProcessVersion
from app.domain.identity import Actor
from app.domain.policy import POLICY, Action, Grant, Scope
from app.domain.text import N_
from app.services import outbox
from app.services.accounts.actors import holds_today

LONGEST = 500


def ask_for_approval(session: Session, actor: Actor, version: ProcessVersion, organization: Organization) -> None:
    """Tell everybody else who may approve a version that it was submitted, by whom, and where to look."""
    text = N_(
        "请批准“%(title)s”第 %(number)d 版：%(name)s为%(organization)s提交，在“我的”里打开“流程版本”就能看、能批准。"
    ) % {"title": version.title, "number": version.number, "name": actor.name, "organization": organization.name}
    _tell(session, _approvers(session, organization) - {actor.person_id}, text)


def tell_of_approval(session: Session, actor: Actor, version: ProcessVersion) -> None:
    """Tell whoever submitted a version that somebody else approved it."""
    text = N_("%(name)s已批准“%(title)s”第 %(number)d 版，从现在起发起的事用这一版；办理中的照旧办完。") % {
        "title": version.title,
        "number": version.number,
        "name": actor.name,
    }
    submitter = {version.submitted_by_id} if version.submitted_by_id is not None else set()
    _tell(session, submitter - {actor.person_id}, text)


def tell_of_return(session: Session, actor: Actor, version: ProcessVersion) -> None:
    """Tell whoever handed a version in and submitted it that somebody else sent it back, and why."""
    text = N_("%(name)s退回了“%(title)s”第 %(number)d 版：%(reason)s。它又是草稿，改好的请重新交一份。") % {
        "name": actor.name,
        "title": version.title,
        "number": version.number,
        "reason": (version.return_reason or "").rstrip("。"),
    }
    people = {one for one in (version.drafted_by_id, version.submitted_by_id) if one is not None}
    _tell(session, people - {actor.person_id}, text[:LONGEST])


def _tell(session: Session, people: set[int], text: str) -> None:
    if people:
        outbox.put(session, "notify", {"instance": None, "people": sorted(people), "text": text})


def _approvers(session: Session, organization: Organization) -> set[int]:
    """Return who holds a position today that allows approving for an organisation."""
    allowed = [_allows(grant, organization) for grant in POLICY[Action.APPROVE_PROCESSES]]
    query = select(Position.person_id).join(Person, Person.id == Position.person_id)
    return set(session.scalars(query.where(Person.is_active, holds_today(), or_(*allowed))))


def _allows(grant: Grant, organization: Organization) -> ColumnElement[bool]:
    levels = [int(part) for part in organization.path.strip("/").split("/")]
    reached = {Scope.OWN: levels[-1:], Scope.SUBTREE: levels, Scope.BELOW: levels[:-1]}[grant.scope]
    return and_(Position.role.in_(grant.roles), Position.organization_id.in_(reached))
