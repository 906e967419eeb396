"""The inbox: work items, who may not take them, what was submitted, drafts, copies and attachments."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, literal_column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, Code, CreatedAt, Hash, InstanceKey, Key, Name, OrganizationKey, PersonKey, index_where
from app.db.people import Organization, Person
from app.db.processes import ProcessInstance
from app.domain.notification_kinds import NotificationKind
from app.domain.objections import HANDLER_TASKS, PROCESS
from app.domain.vocabulary import Role, WorkItemKind, WorkItemStatus


class WorkItem(Base):
    """A user task as people see it; lists read this row alone and never the engine's state.

    Either `assignee_id` names the person, or the candidates are the holders of `role` in
    `organization_id` (and `studio_id`, where the role is a studio's).
    """

    __tablename__ = "work_item"
    __table_args__ = (
        # Each holds only what its lists show, so that a step writes few of them. Queues lie apart, so that no planner
        # looks for one among all that nobody is assigned to.
        index_where(
            "ix_work_item_assignee", "assignee_id", "due_at", "id", where="status = 'open' AND assignee_id IS NOT NULL"
        ),
        index_where(
            "ix_work_item_queue",
            "organization_id",
            "role",
            "due_at",
            "id",
            where="status = 'open' AND assignee_id IS NULL",
        ),
        Index("ix_work_item_instance", "instance_id"),
        # Queue tasks that one person has: few, and looked for when somebody leaves a position.
        index_where(
            "ix_work_item_claimed",
            "assignee_id",
            where="assignee_id IS NOT NULL AND role IS NOT NULL AND status IN ('open', 'waiting')",
        ),
        index_where("ix_work_item_parent", "parent_id", where="parent_id IS NOT NULL"),
        index_where("ix_work_item_collective", "collective_id", where="collective_id IS NOT NULL"),
        index_where("ix_work_item_closed_by", "closed_by_id", "closed_at", where="closed_by_id IS NOT NULL"),
        index_where(
            "ix_work_item_attention", "attention_at", "id", where="status = 'open' AND attention_at IS NOT NULL"
        ),
        index_where(
            "ix_work_item_escalated",
            "organization_id",
            "escalated_to",
            where="status = 'open' AND escalated_to IS NOT NULL",
        ),
        index_where("ix_work_item_unheld", "organization_id", "id", where="status = 'open' AND is_unheld"),
        # What a deputy may sign, so that nobody looks for it among all that waits for the position.
        index_where(
            "ix_work_item_signature",
            "organization_id",
            "role",
            where="status = 'open' AND assignee_id IS NULL AND is_signature",
        ),
        index_where("ix_work_item_closed_for", "closed_for_id", "closed_at", where="closed_for_id IS NOT NULL"),
        index_where("ix_work_item_reads", "instance_id", where="status = 'open' AND reads IS NOT NULL"),
    )
    id: Mapped[Key]
    instance_id: Mapped[InstanceKey]
    task_id: Mapped[int]
    element: Mapped[str] = mapped_column(String(100))
    element_name: Mapped[Name]
    process_key: Mapped[Code]
    process_title: Mapped[Name]
    title: Mapped[Name]
    amount: Mapped[int | None]
    organization_id: Mapped[OrganizationKey]
    role: Mapped[Role | None] = mapped_column(String(40))
    studio_id: Mapped[int | None] = mapped_column(ForeignKey("studio.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # The collective task on whose roll the assignee is.
    collective_id: Mapped[int | None] = mapped_column(ForeignKey("collective_task.id"))
    kind: Mapped[WorkItemKind] = mapped_column(String(16), default=WorkItemKind.TASK)
    # The task on which an opinion is asked.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("work_item.id"))
    is_signature: Mapped[bool] = mapped_column(default=False)
    is_returned: Mapped[bool] = mapped_column(default=False)
    # The path of the task that the case goes straight back to, where it was returned for this one alone.
    comes_back_to: Mapped[str | None] = mapped_column(String(100))
    status: Mapped[WorkItemStatus] = mapped_column(String(16), default=WorkItemStatus.OPEN)
    revision: Mapped[int] = mapped_column(default=1)
    due_at: Mapped[datetime | None]
    is_due_provisional: Mapped[bool] = mapped_column(default=False)
    # What a provisional deadline was reckoned from.
    reckoning: Mapped[dict[str, Any] | None]
    # When the tick looks at it next: to remind, to escalate, to answer, or because nobody holds its position.
    attention_at: Mapped[datetime | None]
    # The position that was put before it when it was late, and may do it too.
    escalated_to: Mapped[Role | None] = mapped_column(String(40))
    # What of the initiator's file whoever may take it reads while it is open: `file`, or `file sanctions`.
    reads: Mapped[str | None] = mapped_column(String(16))
    # Nobody who may do it holds the position that is asked.
    is_unheld: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[CreatedAt]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Who was away, where a substitute did it.
    closed_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verdict: Mapped[str | None] = mapped_column(String(40))
    # How often the case was urged while this was open.
    reminder_count: Mapped[int] = mapped_column(default=0)
    instance: Mapped[ProcessInstance] = relationship()
    organization: Mapped[Organization] = relationship()
    assignee: Mapped[Person | None] = relationship(foreign_keys=[assignee_id])
    closed_by: Mapped[Person | None] = relationship(foreign_keys=[closed_by_id])

    @property
    def summary(self) -> list[Any] | None:
        """Return the lines that lists show of its case."""
        return self.instance.summary

    handing: Mapped["WorkItemHanding | None"] = relationship(viewonly=True)

    @property
    def on_behalf_of(self) -> Person | None:
        """Return who was away, where somebody stood in."""
        return self.closed_for

    @property
    def handed_by(self) -> Person | None:
        """Return who gave it to its assignee by hand."""
        return self.handing.person if self.handing else None

    @property
    def handed_reason(self) -> str | None:
        """Return why it was given to its assignee by hand."""
        return self.handing.reason if self.handing else None

    closed_for: Mapped[Person | None] = relationship(foreign_keys=[closed_for_id])


# Written out, not bound: a planner takes an index over open items only where it sees that they are, and SQLite would
# plan a statement with a bound status anew each time.
OPEN: ColumnElement[WorkItemStatus] = literal_column(f"'{WorkItemStatus.OPEN}'")
IS_OPEN = WorkItem.status == OPEN
WAITING: ColumnElement[WorkItemStatus] = literal_column(f"'{WorkItemStatus.WAITING}'")
UNDONE = (OPEN, WAITING)
IS_UNDONE = WorkItem.status.in_(UNDONE)
# Whoever does one of these reads whose an objection is.
OPENS_SEAL = (WorkItem.process_key == PROCESS) & WorkItem.element.in_(HANDLER_TASKS)


class WorkItemExclusion(Base):
    """A person who may not take a work item although a position would allow it (four eyes)."""

    __tablename__ = "work_item_exclusion"
    work_item_id: Mapped[int] = mapped_column(ForeignKey("work_item.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(100))


class WorkItemHanding(Base):
    """Who gave a work item to its assignee by hand, and why; with the remark of whose opinion was asked."""

    __tablename__ = "work_item_handing"
    work_item_id: Mapped[int] = mapped_column(ForeignKey("work_item.id"), primary_key=True)
    person_id: Mapped[PersonKey]
    reason: Mapped[str | None] = mapped_column(String(2000))
    handed_at: Mapped[CreatedAt]
    remark: Mapped[str | None] = mapped_column(String(2000))
    person: Mapped[Person] = relationship()


class Submission(Base):
    """What one completion handed in, kept as it was; history shows it."""

    __tablename__ = "submission"
    id: Mapped[Key]
    instance_id: Mapped[InstanceKey] = mapped_column(index=True)
    work_item_id: Mapped[int | None] = mapped_column(ForeignKey("work_item.id"))
    element: Mapped[str] = mapped_column(String(100))
    element_name: Mapped[Name]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Who was away, where a substitute handed it in.
    for_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    position_title: Mapped[Name]
    organization_name: Mapped[Name]
    verdict: Mapped[str] = mapped_column(String(40))
    comment: Mapped[str | None] = mapped_column(String(2000))
    values: Mapped[dict[str, Any]]
    submitted_at: Mapped[CreatedAt]
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    for_person: Mapped[Person | None] = relationship(foreign_keys=[for_person_id])


class Signature(Base):
    """A signature over content; any change of the content voids it (DESIGN §8)."""

    __tablename__ = "signature"
    id: Mapped[Key]
    instance_id: Mapped[InstanceKey] = mapped_column(index=True)
    element: Mapped[str] = mapped_column(String(100))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), unique=True)
    person_id: Mapped[PersonKey]
    organization_name: Mapped[Name]
    position_title: Mapped[Name]
    authorization_id: Mapped[int | None] = mapped_column(ForeignKey("signing_authorization.id"))
    statement: Mapped[str] = mapped_column(String(1000))
    content_hash: Mapped[Hash]
    signed_at: Mapped[CreatedAt]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None] = mapped_column(String(200))
    person: Mapped[Person] = relationship()


class Draft(Base):
    """What a person typed and has not handed in: for a work item or for a process to start."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("person_id", "subject"),)
    id: Mapped[Key]
    person_id: Mapped[PersonKey]
    subject: Mapped[str] = mapped_column(String(100))
    values: Mapped[dict[str, Any]]
    comment: Mapped[str | None] = mapped_column(String(2000))
    # Rises with each saving: who saves what another device changed meanwhile is told.
    revision: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[CreatedAt]


class Participation(Base):
    """Who has a part in a case beside its tasks, and may therefore see it."""

    __tablename__ = "participation"
    __table_args__ = (Index("ix_participation_person", "person_id", "capacity", "instance_id"),)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    capacity: Mapped[str] = mapped_column(String(16), primary_key=True)
    created_at: Mapped[CreatedAt]
    read_at: Mapped[datetime | None]
    instance: Mapped[ProcessInstance] = relationship()
    person: Mapped[Person] = relationship()


class Comment(Base):
    """A remark on a case outside the flow."""

    __tablename__ = "comment"
    id: Mapped[Key]
    instance_id: Mapped[InstanceKey] = mapped_column(index=True)
    person_id: Mapped[PersonKey]
    text: Mapped[str] = mapped_column(String(2000))
    # Whom it names with @.
    mentions: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[CreatedAt]
    # Taken back by its writer; the text is gone then.
    taken_back_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship()


class Attachment(Base):
    """A file outside the web root; bound to one instance once it is submitted."""

    __tablename__ = "attachment"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    # Nobody where it is sealed who brought it.
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[Name]
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[Hash]
    created_at: Mapped[CreatedAt]


class Notification(Base):
    """A sentence told to a person, about a case or one of its tasks; handled once there is nothing to do about it."""

    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_person", "person_id", "id"),
        index_where("ix_notification_unread", "person_id", "id", where="read_at IS NULL AND handled_at IS NULL"),
        index_where("ix_notification_task", "work_item_id", "person_id", where="work_item_id IS NOT NULL"),
        index_where(
            "ix_notification_pending",
            "work_item_id",
            where="work_item_id IS NOT NULL AND read_at IS NULL AND handled_at IS NULL",
        ),
    )
    id: Mapped[Key]
    person_id: Mapped[PersonKey]
    kind: Mapped[NotificationKind] = mapped_column(String(16), default=NotificationKind.OTHER)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))
    work_item_id: Mapped[int | None] = mapped_column(ForeignKey("work_item.id"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    text: Mapped[str] = mapped_column(String(500))
    # The page that it leads to, where that is none of its case.
    link: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[CreatedAt]
    read_at: Mapped[datetime | None]
    handled_at: Mapped[datetime | None]
