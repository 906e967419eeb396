"""Changing a posted notice: the office asks for it, prepares it anew, and another person releases it."""

from sqlalchemy.orm import Session

from app.db.notices import Notice
from app.domain.errors import Conflict, Forbidden, Invalid, Stale
from app.domain.identity import Actor
from app.domain.notices import NoticeStatus
from app.domain.text import N_, visible
from app.domain.vocabulary import OrganizationKind, Role
from app.services.journal import record_organization
from app.services.notices import names
from app.services.notices.drafts import REASON, is_changing
from app.services.notices.scope import locked, notice_for
from app.services.transactions import writing

LONGEST_REASON = 500


def keeps(actor: Actor, notice: Notice) -> bool:
    """Tell whether a person is of the office that prepares a notice, and proves that it was posted."""
    is_school = notice.organization.kind == OrganizationKind.SCHOOL
    office = Role.MORAL_EDUCATION_OFFICE if is_school else Role.BUREAU_CLERK
    return actor.holds(office, notice.organization_id)


def may_change(actor: Actor, notice: Notice) -> bool:
    """Tell whether a person may ask now for a change of a notice."""
    return keeps(actor, notice) and notice.status == NoticeStatus.POSTED and not is_changing(notice)


def ask_for_change(session: Session, actor: Actor, notice_id: int, reason: str, revision: int) -> Notice:
    """Give a posted notice back to its office to be changed; it stays up meanwhile.

    Raises NotFound, Forbidden, Conflict where it is not up or is being changed, Stale, and Invalid without a reason.
    """
    with writing(session):
        notice_for(session, actor, notice_id)
        notice = locked(session, notice_id)
        if not keeps(actor, notice):
            raise Forbidden(N_("公示由拟稿的办公室来改。"))
        if not may_change(actor, notice):
            raise Conflict(N_("这份公示现在不能改：还没有张贴、已经结束，或者正在改。"))
        if notice.revision != revision:
            raise Stale
        notice.draft = {**notice.draft, REASON: _checked(reason)}
        notice.revision += 1
        details = {"notice": notice.id, "reason": notice.draft[REASON]}
        record_organization(session, notice.organization_id, actor, "change_notice", details)
        names.look_again(session, notice)
    return notice


def _checked(reason: str) -> str:
    text = visible(reason).strip()
    if not 0 < len(text) <= LONGEST_REASON:
        raise Invalid.field("reason", N_("请写明为什么要改，最多 %(most)d 个字。"), most=LONGEST_REASON)
    return text
