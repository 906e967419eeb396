"""The operations of a public notice: drafting, posting, looking whether it is over, ending and taking it down."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.db.notices import Notice
from app.db.work import Submission
from app.domain.errors import Conflict, Forbidden
from app.domain.notices import SCOPE, Content, Line, NoticeScope, NoticeStatus
from app.domain.text import N_
from app.engine.paths import beside
from app.services.accounts.naming import names_of
from app.services.notices import drafts, endings, names, postings
from app.services.notices.drafts import NewNotice
from app.services.notices.scope import locked
from app.services.notices.writers import PREPARING
from app.services.operations.call import Call

LONGEST_PERIOD = 60


def draft_notice(call: Call) -> dict[str, Any]:
    """Draft a notice of what the diagram hands in, or go on with the one that the case has in hand.

    Raises Conflict where names or working days are missing.
    """
    notice = drafts.draft(call.session, _new(call))
    return {"notice": notice.id, "title": notice.title, "office": _office(notice)}


def post_notice(call: Call) -> dict[str, Any]:
    """Post what was prepared; a change restarts the period of those whom it concerns.

    Raises Forbidden where the same person prepared and releases it, or nobody releases it.
    """
    notice = _notice(call)
    if call.actor is None:
        raise Forbidden(N_("公示要有人发布。"))
    restarted = postings.post(call.session, notice, _prepared_by(call), call.actor.person_id)
    return {"restarted": restarted, "until_on": _day(names.last_day(notice))}


def read_notice(call: Call) -> dict[str, Any]:
    """Look whether a notice still has to stand, and until when."""
    notice = _notice(call)
    state = endings.standing_of(call.session, notice)
    return {"state": state, "until_on": _day(names.next_look(notice)), **_people(notice)}


def close_notice(call: Call) -> dict[str, Any]:
    """End a notice that has stood long enough, or that every name has left. Raises Conflict while it has to stand."""
    notice = _notice(call)
    endings.end(call.session, notice)
    verdict = "ended" if notice.status == NoticeStatus.ENDED else "emptied"
    return {"verdict": verdict, "notice": notice.id, **_people(notice)}


def take_down_notices(call: Call) -> None:
    """Take down what the case has up: it was withdrawn or called off."""
    endings.take_down(call.session, call.instance_id)


def _new(call: Call) -> NewNotice:
    params, pinned, lines = call.params, call.rules.get(SCOPE) or {}, _lines(call)
    if not lines or len({one.person_id for one in lines}) < len(lines):
        raise Conflict(N_("公示的名单是空的，或者同一个人列了两次，请找流程管理员修改流程。"))
    days = params.get("working_days")
    if days is None:
        raise Conflict(N_("规则没有定公示几个工作日：请管理员先为本单位采用规则包。"))
    if not isinstance(days, int | float) or not 1 <= days <= LONGEST_PERIOD:
        raise Conflict(N_("公示天数要在 1 到 %(most)d 个工作日之间，请找流程管理员修改流程。"), most=LONGEST_PERIOD)
    return NewNotice(
        organization_id=call.organization_id,
        instance_id=call.instance_id,
        subject=str(params.get("subject") or call.serial),
        content=Content(str(params.get("title") or ""), str(params.get("intro") or ""), "", lines),
        working_days=int(days),
        scope=NoticeScope(pinned.get("value") or NoticeScope.SCHOOL),
    )


def _lines(call: Call) -> tuple[Line, ...]:
    """Return who shall be named; a row without a name is called as the person is."""
    rows: Sequence[Mapping[str, Any]] = call.params.get("persons") or ()
    known = names_of(call.session, [int(row["id"]) for row in rows])
    return tuple(
        Line(int(row["id"]), str(row.get("name") or known[int(row["id"])]), str(row.get("line") or "")) for row in rows
    )


def _notice(call: Call) -> Notice:
    notice = locked(call.session, int(call.params["notice"]))
    if notice.instance_id != call.instance_id:
        raise Conflict(N_("这份公示是另一件事的，请找流程管理员修改流程。"))
    return notice


def _prepared_by(call: Call) -> int:
    """Return who prepared what is to be posted: who handed it in last."""
    paths = [beside(call.element, one) for one in PREPARING]
    query = select(Submission.person_id).where(
        Submission.instance_id == call.instance_id, Submission.element.in_(paths), Submission.person_id.is_not(None)
    )
    found = call.session.scalar(query.order_by(Submission.id.desc()).limit(1))
    if found is None:
        raise Forbidden(N_("公示要先有人拟稿。"))
    return found


def _people(notice: Notice) -> dict[str, list[int]]:
    remaining = [name.person_id for name in names.standing(notice)]
    return {"remaining": remaining, "left": [one.person_id for one in notice.names if one.left_at is not None]}


def _office(notice: Notice) -> str:
    """Return which office prepares it: the school's, or the bureau's."""
    return "school" if notice.organization.kind == "school" else "bureau"


def _day(on: Any) -> str | None:
    return on.isoformat() if on else None
