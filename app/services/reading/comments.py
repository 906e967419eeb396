"""Remarks on a case outside the flow; naming a colleague with @ gives that person sight of the case."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.db.work import Comment, Notification, Participation
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.identity import Actor
from app.domain.notification_kinds import NotificationKind
from app.domain.text import N_
from app.services import outbox, participations, steps, visibility
from app.services.filling import submissions
from app.services.journal import RequestKey
from app.services.participations import Part
from app.services.reading import mentions
from app.services.transactions import writing

TAKEN_BACK_WITHIN = timedelta(minutes=5)


def comment(
    session: Session,
    actor: Actor,
    instance_id: int,
    text: str,
    mentioned: Sequence[int] = (),
    request_key: RequestKey | None = None,
) -> int:
    """Leave a remark, and tell those it names; return its id. A repeated request leaves one. Raises NotFound, Invalid."""
    if not visibility.may_see_id(session, actor, instance_id):
        raise NotFound
    with writing(session):
        step = steps.locked(session, instance_id, actor, request_key)
        if (known := step.first_answer) is not None:
            return int(known["comment"])
        told = submissions.clean_comment(text, is_required=False)
        if told is None:
            raise Invalid.field("text", N_("请写下要说的话。"))
        named = [one for one in mentions.named(session, step.case, told, mentioned) if one != actor.person_id]
        made = Comment(instance_id=instance_id, person_id=actor.person_id, text=told, mentions=named)
        session.add(made)
        session.flush()
        if named:
            participations.add(session, instance_id, named, Part.MENTIONED)
            words = N_("%(name)s在“%(title)s”的留言里提到了您。") % {"name": actor.name, "title": step.case.title}
            about = {"instance": instance_id, "comment": made.id, "kind": NotificationKind.MENTIONED}
            outbox.put(session, "notify", {**about, "people": named, "text": words})
        # What was said stands in the remark alone, so that it can be taken back.
        details = {"comment": made.id, "length": len(told), "people": named}
        steps.conclude(step, "comment", details, {"comment": made.id})
        return made.id


def take_back(session: Session, actor: Actor, instance_id: int, comment_id: int) -> None:
    """Take back an own remark a few minutes after it was made; that it was there stays to be seen.

    Raises NotFound, Forbidden for another's, Conflict where it is too late.
    """
    if not visibility.may_see_id(session, actor, instance_id):
        raise NotFound
    with writing(session):
        step = steps.locked(session, instance_id, actor)
        found = session.get(Comment, comment_id, populate_existing=True)
        if found is None or found.instance_id != instance_id:
            raise NotFound
        if found.person_id != actor.person_id:
            raise Forbidden(N_("只能收回自己的留言。"))
        if found.taken_back_at is not None:
            return
        if not may_take_back(found):
            raise Conflict(N_("过了 5 分钟，不能收回了；可以再留一句话说明。"))
        found.text, found.taken_back_at = "", clock.now()
        _untell(session, found)
        steps.conclude(step, "take_back", {"comment": comment_id})


def may_take_back(found: Comment) -> bool:
    """Tell whether a remark is new enough to be taken back by its writer."""
    return found.taken_back_at is None and clock.now() - found.created_at <= TAKEN_BACK_WITHIN


def _untell(session: Session, found: Comment) -> None:
    """Withdraw what was told of a remark, and the sight that it alone gave."""
    told = update(Notification).where(Notification.comment_id == found.id, Notification.read_at.is_(None))
    session.execute(told.values(handled_at=clock.now()).execution_options(synchronize_session=False))
    others = select(Comment.mentions).where(
        Comment.instance_id == found.instance_id, Comment.id != found.id, Comment.taken_back_at.is_(None)
    )
    lists: Iterable[list[int]] = session.scalars(others)
    still = {person_id for named in lists for person_id in named}
    seen = Participation.instance_id == found.instance_id, Participation.capacity == Part.MENTIONED
    session.execute(delete(Participation).where(*seen, Participation.person_id.in_(set(found.mentions) - still)))
