"""What people hand in: checked against the form, kept as it was, its files tied to the case."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, or_, select, update
from sqlalchemy.orm import Session

from app.db.queries import step_writes
from app.db.queries.step_locks import LockedCase
from app.db.work import Attachment
from app.domain import clock
from app.domain.errors import Invalid
from app.domain.identity import Actor
from app.domain.text import N_, sentence, visible
from app.engine.forms import Form
from app.engine.model import StartEvent, UserTask
from app.engine.paths import beside, values_at
from app.services.candidates import Capacity
from app.services.filling import option_lists
from app.services.transactions import connection_of

LONGEST_COMMENT = 2000
PLATFORM = N_("系统")
UNSAID = N_("请写明理由，对方才知道怎么改。")


class Place(NamedTuple):
    """Where in which case a person hands something in; there is no case yet at the start."""

    actor: Actor
    path: str
    element: StartEvent | UserTask
    form: Form | None
    organization_id: int
    case: LockedCase | None = None

    @property
    def current(self) -> Mapping[str, Any]:
        """Return the values that the element, or the one that it edits, holds now."""
        edited = self.element.edits if isinstance(self.element, UserTask) else None
        return values_at(self.case.values, beside(self.path, edited or self.element.id)) if self.case else {}


class Given(NamedTuple):
    """What was handed in, once it is accepted."""

    verdict: str
    values: dict[str, Any]
    comment: str | None = None
    work_item_id: int | None = None
    is_signed: bool = False
    # The id that was drawn for it.
    id: int | None = None


class Submitted(NamedTuple):
    """What a person handed in, as it was kept."""

    id: int
    element: str
    # None where the platform answered.
    person_id: int | None
    person_name: str
    capacity: Capacity
    given: Given
    submitted_at: datetime

    @property
    def is_signed(self) -> bool:
        """Tell whether it was handed in with a signature."""
        return self.given.is_signed


def checked(session: Session, place: Place, values: Mapping[str, Any], *, is_partial: bool = False) -> dict[str, Any]:
    """Return the values that the form accepts. Raises Invalid by field, also for fields that are not asked."""
    form = place.form
    if form is None:
        refuse_all(values)
        return {}
    case_id = place.case.id if place.case is not None else None
    options = option_lists.options_for(session, place.actor, place.organization_id, form.list_keys, case_id)
    files = _usable_files(session, place.actor, place.case) if form.has_files else frozenset()
    return form.validate(dict(values), options, files, place.element.id, place.current, is_partial=is_partial)


def _usable_files(session: Session, actor: Actor, case: LockedCase | None) -> frozenset[str]:
    """Return the files that the person may hand in: own ones in no case yet, and the case's own."""
    is_own = Attachment.instance_id.is_(None) & (Attachment.uploaded_by_id == actor.person_id)
    allowed = is_own if case is None else or_(is_own, Attachment.instance_id == case.id)
    return frozenset(session.scalars(select(Attachment.id).where(allowed)))


def keep(session: Session, case: LockedCase, place: Place, capacity: Capacity, given: Given) -> Submitted:
    """Keep a submission as it was handed in, and tie its files to the case."""
    element, actor, now = place.element, place.actor, clock.now()
    row = {
        "instance_id": case.id,
        "work_item_id": given.work_item_id,
        "element": place.path,
        "element_name": element.name,
        "person_id": actor.person_id,
        "for_person_id": capacity.for_person_id,
        "position_title": capacity.title,
        "organization_name": capacity.organization_name,
        "verdict": given.verdict,
        "comment": given.comment,
        "values": given.values,
        "submitted_at": now,
    }
    submission_id = _insert(connection_of(session), row, given.id)
    if place.form is not None and place.form.has_files:
        tie_files(session, case.id, case.organization_id, place.form.attachments_in(given.values))
    return Submitted(submission_id, place.path, actor.person_id, actor.name, capacity, given, now)


def keep_of_platform(session: Session, case: LockedCase, path: str, task: UserTask, given: Given) -> Submitted:
    """Keep what the platform answers as people's answers are kept, in nobody's name."""
    now = clock.now()
    row = {
        "instance_id": case.id,
        "work_item_id": given.work_item_id,
        "element": path,
        "element_name": task.name,
        "person_id": None,
        "position_title": "",
        "organization_name": "",
        "verdict": given.verdict,
        "comment": given.comment,
        "values": given.values,
        "submitted_at": now,
    }
    submission_id = step_writes.ADD_FIRST_SUBMISSION.run_for_id(connection_of(session), row)
    return Submitted(submission_id, path, None, PLATFORM, Capacity("", ""), given, now)


def _insert(connection: Connection, row: dict[str, Any], drawn: int | None) -> int:
    if drawn is None:
        return step_writes.ADD_FIRST_SUBMISSION.run_for_id(connection, row)
    step_writes.ADD_SUBMISSION.run(connection, row | {"id": drawn})
    return drawn


def refuse_verdict(given: str, verdicts: Collection[str]) -> None:
    """Refuse a verdict that is not among those of a task. Raises Invalid, which lists them."""
    if given not in verdicts:
        message = N_("这一步不能这样办，能选的有：%(verdicts)s。")
        raise Invalid.field("verdict", message, verdicts="、".join(verdicts))


def clean_comment(
    comment: str | None, *, is_required: bool, field: str = "comment", missing: str = UNSAID
) -> str | None:
    """Return a remark without blanks at its ends. Raises Invalid for its field where it is missing or too long."""
    text = visible(comment or "").strip()
    if is_required and not text:
        raise Invalid.field(field, missing)
    if len(text) > LONGEST_COMMENT:
        raise Invalid.field(
            field, N_("意见最多 %(most)d 字，您写了 %(given)d 字。"), most=LONGEST_COMMENT, given=len(text)
        )
    return text or None


def forget_draft(session: Session, actor: Actor, subject: str) -> None:
    """Delete a draft that has been handed in."""
    connection_of(session).execute(step_writes.FORGET_DRAFT, {"person": actor.person_id, "about": subject})


def tie_files(session: Session, instance_id: int, organization_id: int, files: tuple[str, ...]) -> None:
    """Make files that were handed in the case's own. Raises Invalid where one was swept away meanwhile."""
    if not files:
        return
    is_usable = or_(Attachment.instance_id.is_(None), Attachment.instance_id == instance_id)
    tied = session.scalars(
        update(Attachment)
        .where(Attachment.id.in_(files), is_usable)
        .values(instance_id=instance_id, organization_id=organization_id)
        .returning(Attachment.id)
    ).all()
    if len(tied) < len(set(files)):  # swept away since the form was checked
        raise Invalid({}, N_("有附件上传后放得太久，已经清掉了。请重新上传，再提交。"))


def refuse_all(values: Mapping[str, Any]) -> None:
    """Refuse what a step does not ask. Raises Invalid by field."""
    if values:
        raise Invalid({name: [sentence(N_("这一步没有这一项，请去掉。"))] for name in values})
