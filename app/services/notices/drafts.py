"""The draft of a notice: made by its case, worked on by whoever has the task of preparing it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.notices import Notice
from app.db.people import Organization
from app.db.processes import ProcessInstance
from app.db.work import IS_OPEN, WorkItem
from app.domain.errors import Conflict, Forbidden, Invalid, Stale
from app.domain.identity import Actor
from app.domain.notices import Content, NoticeScope, NoticeStatus, scope_in
from app.domain.text import N_, Sentence, sentence, visible
from app.domain.vocabulary import OrganizationKind
from app.engine.paths import name_in
from app.services import candidates
from app.services.journal import record_organization
from app.services.notices.names import of_instance
from app.services.notices.scope import locked, notice_for
from app.services.notices.writers import PREPARING, WRITERS, writers
from app.services.transactions import writing

RELEASING = "release_notice"
# Why a posted notice is changed, beside the text of its draft, until the change is posted.
REASON = "reason"
TITLE, INTRO, SIGNED_BY, LINE = 200, 5000, 200, 500


@dataclass(frozen=True)
class NewNotice:
    """What a case asks to be posted."""

    organization_id: int
    instance_id: int
    subject: str
    content: Content
    working_days: int
    scope: NoticeScope


@dataclass(frozen=True)
class Typed:
    """A draft as it was typed: who is named, and in which order, is not up to whoever writes it."""

    title: str
    intro: str
    signed_by: str
    lines: Mapping[int, str]


def draft(session: Session, new: NewNotice) -> Notice:
    """Lay a notice before whoever prepares it: the one that the case has in hand, or a new one."""
    held = of_instance(session, new.instance_id)
    return _drafted_again(held[-1], new.content) if held else _drafted(session, new)


def is_changing(notice: Notice) -> bool:
    """Tell whether a posted notice is being changed."""
    return bool(notice.draft.get(REASON))


def _drafted_again(notice: Notice, content: Content) -> Notice:
    """Keep what was written so far, unless other people shall stand there now."""
    wanted = {one.person_id for one in content.lines}
    left = {name.person_id for name in notice.names if name.left_at is not None}
    if wanted - left != {one.person_id for one in drafted(notice).lines}:
        signed = replace(content, signed_by=content.signed_by or notice.signed_by)
        notice.draft = {**notice.draft, **signed.as_data()}
        notice.revision += 1
    return notice


def _drafted(session: Session, new: NewNotice) -> Notice:
    organization = session.get_one(Organization, new.organization_id)
    scope = scope_in(OrganizationKind(organization.kind), new.scope)
    content = new.content
    if not content.signed_by:
        content = replace(content, signed_by=organization.name)
    notice = Notice(
        organization_id=organization.id,
        audience_id=_audience(session, organization, scope).id,
        scope=scope,
        instance_id=new.instance_id,
        subject=new.subject,
        title=content.title,
        intro=content.intro,
        signed_by=content.signed_by,
        working_days=new.working_days,
        draft=content.as_data(),
    )
    session.add(notice)
    session.flush()
    return notice


def drafted(notice: Notice) -> Content:
    """Return what is prepared: without those who left meanwhile."""
    left = {name.person_id for name in notice.names if name.left_at is not None}
    content = Content.of(notice.draft)
    return replace(content, lines=tuple(one for one in content.lines if one.person_id not in left))


def may_write(session: Session, actor: Actor, notice: Notice) -> bool:
    """Tell whether a person has the task of preparing a notice now."""
    return any(candidates.capacity(session, actor, item) for item in _tasks(session, notice, PREPARING))


def task_of(session: Session, actor: Actor, notice: Notice) -> int | None:
    """Return the task of preparing or releasing a notice that is the person's to do now."""
    found = _tasks(session, notice, (*PREPARING, RELEASING))
    return next((item.id for item in found if candidates.capacity(session, actor, item)), None)


def rewrite(session: Session, actor: Actor, notice_id: int, typed: Typed, revision: int) -> Notice:
    """Change a draft. Raises NotFound, Forbidden, Conflict once it is out of the writer's hands, Stale and Invalid."""
    with writing(session):
        notice = _to_write(session, actor, notice_id, revision)
        content = _checked(drafted(notice), typed)
        written_by = sorted({*writers(notice), actor.person_id})
        notice.draft = {**notice.draft, **content.as_data(), WRITERS: written_by}
        notice.revision += 1
        details = {"notice": notice.id, "hash": content.content_hash}
        record_organization(session, notice.organization_id, actor, "write_notice", details)
    return notice


def _to_write(session: Session, actor: Actor, notice_id: int, revision: int) -> Notice:
    # The case first, as a step does: nobody hands in, meanwhile, what is still being written.
    case = select(ProcessInstance.id).where(ProcessInstance.id == notice_for(session, actor, notice_id).instance_id)
    session.scalars(case.with_for_update(key_share=True)).one()
    notice = locked(session, notice_id)
    if not _tasks(session, notice, PREPARING):
        raise Conflict(N_("这份公示现在不在拟稿，不能改。"))
    if not may_write(session, actor, notice):
        raise Forbidden
    if notice.revision != revision:
        raise Stale(N_("这份稿子刚才有人改过，请看最新的，再改。"))
    return notice


def _checked(before: Content, typed: Typed) -> Content:
    """Return the draft as typed. Raises Invalid by field."""
    texts = {"title": (typed.title, TITLE), "intro": (typed.intro, INTRO), "signed_by": (typed.signed_by, SIGNED_BY)}
    errors = {name: found for name, (text, most) in texts.items() if (found := _wrong(text, most))}
    lines = tuple(replace(one, line=_clean(typed.lines.get(one.person_id, one.line))) for one in before.lines)
    for place, one in enumerate(lines):
        if len(one.line) > LINE:
            errors[f"names.{place}.line"] = [sentence(N_("最多 %(most)d 个字。"), most=LINE)]
    strangers = typed.lines.keys() - {one.person_id for one in lines}
    if strangers:
        errors["names"] = [sentence(N_("名单由前面的环节定，这里不能添人。"))]
    if errors:
        raise Invalid(errors)
    return Content(_clean(typed.title), _clean(typed.intro), _clean(typed.signed_by), lines)


def _wrong(text: str, most: int) -> list[Sentence]:
    if not 0 < len(_clean(text)) <= most:
        return [sentence(N_("请填写，最多 %(most)d 个字。"), most=most)]
    return []


def _clean(text: str) -> str:
    return visible(text.replace("\r\n", "\n")).strip()


def _tasks(session: Session, notice: Notice, elements: Collection[str]) -> list[WorkItem]:
    """Return the open tasks of a notice at some of its elements."""
    if notice.status not in {NoticeStatus.DRAFTED, NoticeStatus.POSTED}:
        return []
    query = select(WorkItem).where(WorkItem.instance_id == notice.instance_id, IS_OPEN, WorkItem.parent_id.is_(None))
    return [item for item in session.scalars(query) if name_in(item.element) in elements]


def _audience(session: Session, organization: Organization, scope: NoticeScope) -> Organization:
    """Return whose people shall see it: the organisation, or the bureau of that level above it, as far as there is one."""
    found = organization
    while scope_in(OrganizationKind(found.kind), NoticeScope.SCHOOL) != scope and found.parent_id is not None:
        found = session.get_one(Organization, found.parent_id)
    return found
