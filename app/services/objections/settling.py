"""The end of an objection: its reply, and what it does to the notice, which never learns that there was one."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.objections import Objection
from app.domain import clock
from app.domain.errors import Conflict
from app.domain.notification_kinds import NotificationKind
from app.domain.objections import ObjectionStatus
from app.domain.text import N_
from app.services import outbox
from app.services.notices import names
from app.services.notices.scope import locked

# To whom is objected; who objects is told by nothing that is kept (docs/objections.md).
TOLD = {
    ObjectionStatus.UPHELD: N_(
        "对您在公示“%(title)s”里的异议，经核查成立，您不再列入这份名单。如有疑问，请找办理的部门。"
    ),
    ObjectionStatus.DISMISSED: N_("对您在公示“%(title)s”里的异议，经核查不成立，公示照常进行。"),
}


def of_case(session: Session, instance_id: int) -> Objection:
    """Return the objection of a case. Raises Conflict where the case has none."""
    found = session.scalar(select(Objection).where(Objection.instance_id == instance_id))
    if found is None:
        raise Conflict(N_("这项操作只能用在从公示提出的异议里，请找流程管理员修改流程。"))
    return found


def settle(session: Session, objection: Objection, status: ObjectionStatus, reply: str | None) -> None:
    """Settle an objection within the open transaction, and let the notice go on."""
    objection.status, objection.reply, objection.settled_at = status, reply, clock.now()
    session.flush()
    notice = locked(session, objection.notice_id)
    gone = []
    if status == ObjectionStatus.UPHELD:
        gone = names.leave(session, notice.id, [objection.person_id])
    if not gone:
        names.look_again(session, notice)
    _tell(session, objection)


def _tell(session: Session, objection: Objection) -> None:
    text = TOLD.get(objection.status)
    if text is not None:
        about = {"instance": None, "kind": NotificationKind.RESULT, "people": [objection.person_id]}
        outbox.put(session, "notify", {**about, "text": text % {"title": objection.notice.title}})
