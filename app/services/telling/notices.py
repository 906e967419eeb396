"""Notices of a process: who is told what when an element is reached, through the outbox."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Person, Position
from app.db.processes import ProcessInstance
from app.db.queries.step_locks import LockedCase
from app.db.work import IS_OPEN, Signature, Submission, WorkItem
from app.domain.notification_kinds import NotificationKind
from app.domain.vocabulary import STUDIO_ROLES, Role
from app.engine.changes import Changes, VisitKind
from app.engine.compiler import CompiledProcess
from app.engine.model import UserTask
from app.engine.package import Notice
from app.engine.paths import name_in, values_beside
from app.services import outbox
from app.services.accounts.actors import holds_today
from app.services.filling.submissions import Submitted
from app.services.telling import notifications
from app.services.telling.notifications import News
from app.services.texts import filled

LONGEST = 500


class Last(NamedTuple):
    """Who acted last, in which position, with which words."""

    person: str
    position: str
    comment: str

    @classmethod
    def of(cls, submitted: Submitted | None) -> "Last | None":
        """Return who handed something in, if anybody did."""
        if submitted is None:
            return None
        return cls(submitted.person_name, submitted.capacity.title, _quotable(submitted.given.comment))


def announce(session: Session, case: LockedCase, process: CompiledProcess, changes: Changes, last: Last | None) -> None:
    """Put a message in the outbox for each notice of the elements that were reached; its groups are asked for there."""
    wanted = [(path, notice, _text_of(process, path, notice)) for path, notice in wanted_at(process, changes)]
    if not wanted:
        return
    around = _around(session, case, last, [text for _path, _notice, text in wanted])
    for path, notice, template in wanted:
        values = values_beside(case.values, path)
        text = filled(template, {**values, **around})
        asked = {"element": path} if isinstance(process.element(path), UserTask) else _page(process, path, values)
        about = {"instance": case.id, "kind": NotificationKind.RESULT, **asked}
        outbox.put(session, "notify", {**about, "to": list(notice.to), "text": text[:LONGEST]})


def _page(process: CompiledProcess, path: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Return the page that a notice opens in place of its case, where the process has one."""
    page = process.part_of(path).package.manifest.page
    return {"link": filled(page, values)} if page else {}


def wanted_at(process: CompiledProcess, changes: Changes) -> list[tuple[str, Notice]]:
    """Return the notices of what was reached, each with the path of its element, as its own process asks for them."""
    opened = {task.element for task in changes.opened}
    passed = {visit.element for visit in changes.visited if visit.kind == VisitKind.COMPLETED}
    return [
        (path, notice)
        for path in sorted(opened | passed)
        for notice in process.part_of(path).package.manifest.notices
        # A user task is reached when it opens; all else, when it is passed or ended at.
        if notice.at == name_in(path) and (path in opened or not isinstance(process.element(path), UserTask))
    ]


def notify(session: Session, payload: Mapping[str, Any]) -> None:
    """Tell people what an outbox message says: those it names in `people`, or the groups `to` of its case.

    `text` and `instance` (or None) are always there. `kind` is a NotificationKind. `task` is the work item that it is
    about: withdrawn when that is handled; `element` names it by its path. `comment` is a comment of the case, `link`
    the path of another page that it leads to.
    """
    people, instance_id = payload.get("people"), payload["instance"]
    if people is None:
        people = sorted(_recipients(session, session.get_one(ProcessInstance, instance_id), payload["to"]))
    news = News(
        payload["text"],
        NotificationKind(payload.get("kind", NotificationKind.OTHER)),
        instance_id,
        payload.get("task") or _task_at(session, instance_id, payload.get("element")),
        payload.get("comment"),
        link=payload.get("link"),
    )
    notifications.tell(session, people, news)


def _task_at(session: Session, instance_id: int | None, element: str | None) -> int | None:
    """Return the open task at an element of a case; a notice that comes with it is withdrawn with it."""
    if element is None:
        return None
    is_there = WorkItem.instance_id == instance_id, WorkItem.element == element, IS_OPEN
    query = select(WorkItem.id).where(*is_there, WorkItem.collective_id.is_(None))
    return session.scalar(query.order_by(WorkItem.id.desc()).limit(1))


def _text_of(process: CompiledProcess, path: str, notice: Notice) -> str:
    return process.part_of(path).package.notices[notice.text]


def _around(session: Session, case: LockedCase, last: Last | None, texts: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return what notices may name beside the values: the case, and who acted last, where one of them does."""
    is_asked = any("{last." in text for text in texts)
    told = (last or _last(session, case.id))._asdict() if is_asked else {}
    return {"case": {"title": case.title, "serial": case.serial}, "last": told}


def _last(session: Session, instance_id: int) -> Last:
    """Return who handed in something last."""
    row = session.execute(
        select(Person.name, Submission.position_title, Submission.comment)
        .outerjoin(Person, Person.id == Submission.person_id)
        .where(Submission.instance_id == instance_id)
        .order_by(Submission.id.desc())
        .limit(1)
    ).first()
    name, position, comment = row or ("", "", "")
    return Last(name or "", position or "", _quotable(comment))


def _quotable(comment: str | None) -> str:
    """Return an opinion for a sentence that quotes it and has a stop of its own."""
    return (comment or "").rstrip("。")


def _recipients(session: Session, case: ProcessInstance, groups: Sequence[str]) -> set[int]:
    people: set[int] = set()
    for group in groups:
        if group == "initiator":
            people |= {case.initiator_id} if case.initiator_id else set()
        elif group == "signers":
            people |= set(session.scalars(select(Signature.person_id).where(Signature.instance_id == case.id)))
        else:
            people |= holders(session, case, Role(group))
    return people


def holders(session: Session, case: ProcessInstance, role: Role) -> set[int]:
    """Return who holds a role for a case today: in its organisation, or in its studio."""
    query = select(Position.person_id).where(
        Position.organization_id == case.organization_id, Position.role == role, holds_today()
    )
    if role in STUDIO_ROLES:
        query = query.where(Position.studio_id == case.studio_id)
    return set(session.scalars(query))
