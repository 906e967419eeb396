"""Who may read a notice: all who belong to its audience, bureaus above, the people named, and who sees its case."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.db.notices import Notice, NoticeName
from app.db.people import Organization
from app.db.processes import ProcessInstance
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.domain.notices import PUBLISHED
from app.domain.policy import Action
from app.services import visibility
from app.services.accounts.organizations import in_scope


def visible_notices(session: Session, actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the notices that a person may read; drafts only with their case."""
    around = {int(one) for held in actor.holdings for one in held.organization_path.strip("/").split("/") if one}
    below = select(Organization.id).where(in_scope(actor, Action.SEE_ORGANIZATION))
    is_named = select(NoticeName.id).where(
        NoticeName.notice_id == Notice.id, NoticeName.person_id == actor.person_id, NoticeName.left_at.is_(None)
    )
    is_audience = or_(Notice.audience_id.in_(around), Notice.audience_id.in_(below), is_named.exists())
    of_case = select(ProcessInstance.id).where(
        ProcessInstance.id == Notice.instance_id, visibility.may_see(session, actor)
    )
    return or_(and_(Notice.status.in_(PUBLISHED), is_audience), of_case.exists())


def notice_for(session: Session, actor: Actor, notice_id: int) -> Notice:
    """Return a notice that the person may read. Raises NotFound."""
    found = session.scalar(select(Notice).where(Notice.id == notice_id, visible_notices(session, actor)))
    if found is None:
        raise NotFound
    return found


def locked(session: Session, notice_id: int) -> Notice:
    """Return a notice, locked in the transaction that is open, as it is now."""
    query = select(Notice).where(Notice.id == notice_id).with_for_update(key_share=True)
    return session.scalars(query.execution_options(populate_existing=True)).one()
