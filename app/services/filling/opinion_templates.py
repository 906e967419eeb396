"""Sentences that a person often writes as an opinion: an own list in an own order, after it the platform's few."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.desk import OpinionTemplate
from app.db.people import Person
from app.domain.errors import Invalid, NotFound
from app.domain.identity import Actor
from app.domain.text import N_, visible
from app.domain.vocabulary import Verdict
from app.services.transactions import writing

MOST = 20
LONGEST = 200
AGREEING = (N_("同意。"), N_("情况属实，同意。"))
RETURNING = (N_("请补充材料后再提交。"),)
OF_MONEY = (N_("请核对金额后再提交。"),)
DEFAULTS = (*AGREEING, *RETURNING, *OF_MONEY)
# What is said against is said in words of one's own, or asks for something.
AGAINST = frozenset({Verdict.DISAGREE, Verdict.ABSTAIN, Verdict.REFUSE, Verdict.RETURN})


def own(session: Session, actor: Actor) -> list[OpinionTemplate]:
    """Return a person's own sentences in their order."""
    query = select(OpinionTemplate).where(OpinionTemplate.person_id == actor.person_id)
    return list(session.scalars(query.order_by(OpinionTemplate.place, OpinionTemplate.id)))


def choices(session: Session, actor: Actor, verdicts: Collection[str], *, is_of_money: bool) -> list[str]:
    """Return what is offered beside an opinion: own sentences first, then those of the platform's that fit."""
    texts = [one.text for one in own(session, actor)]
    return [*texts, *(one for one in fitting(verdicts, is_of_money=is_of_money) if one not in texts)]


def fitting(verdicts: Collection[str], *, is_of_money: bool) -> list[str]:
    """Return the platform's sentences that may go with one of some verdicts on a case."""
    may_return = Verdict.RETURN in verdicts
    return [
        *(AGREEING if set(verdicts) - AGAINST else ()),
        *(RETURNING if may_return else ()),
        *(OF_MONEY if may_return and is_of_money else ()),
    ]


def get(session: Session, actor: Actor, opinion_id: int) -> OpinionTemplate:
    """Return one of a person's own sentences. Raises NotFound."""
    return _one_of(own(session, actor), opinion_id)


def add(session: Session, actor: Actor, text: str) -> OpinionTemplate:
    """Add a sentence at the end. Raises Invalid where it is empty, too long, there already, or one too many."""
    with writing(session):
        _lock(session, actor)
        known = own(session, actor)
        kept = _checked(known, text)
        if len(known) >= MOST:
            raise Invalid.field("text", N_("最多 %(most)d 条，请先删掉一条。"), most=MOST)
        found = OpinionTemplate(person_id=actor.person_id, place=len(known), text=kept)
        session.add(found)
        session.flush()
    return found


def edit(session: Session, actor: Actor, opinion_id: int, text: str) -> OpinionTemplate:
    """Write a sentence anew. Raises NotFound, Invalid."""
    with writing(session):
        _lock(session, actor)
        known = own(session, actor)
        found = _one_of(known, opinion_id)
        found.text = _checked([one for one in known if one.id != opinion_id], text)
    return found


def move(session: Session, actor: Actor, opinion_id: int, place: int) -> None:
    """Put a sentence at a place in the list, counted from 0. Raises NotFound."""
    with writing(session):
        _lock(session, actor)
        known = own(session, actor)
        found = _one_of(known, opinion_id)
        rest = [one for one in known if one is not found]
        at = max(0, min(place, len(rest)))
        for number, one in enumerate([*rest[:at], found, *rest[at:]]):
            one.place = number


def move_up(session: Session, actor: Actor, opinion_id: int) -> None:
    """Put a sentence before the one that stands above it. Raises NotFound."""
    known = own(session, actor)
    move(session, actor, opinion_id, known.index(_one_of(known, opinion_id)) - 1)


def remove(session: Session, actor: Actor, opinion_id: int) -> None:
    """Take a sentence away. Raises NotFound."""
    with writing(session):
        _lock(session, actor)
        session.delete(_one_of(own(session, actor), opinion_id))


def _lock(session: Session, actor: Actor) -> None:
    """Let one change of a person's list come after the other: their number and order are the list's."""
    session.execute(select(Person.id).where(Person.id == actor.person_id).with_for_update(key_share=True))


def _one_of(known: list[OpinionTemplate], opinion_id: int) -> OpinionTemplate:
    found = next((one for one in known if one.id == opinion_id), None)
    if found is None:
        raise NotFound
    return found


def _checked(others: list[OpinionTemplate], text: str) -> str:
    kept = " ".join(visible(text).split())
    if not kept:
        raise Invalid.field("text", N_("请写一句常用的意见。"))
    if len(kept) > LONGEST:
        raise Invalid.field("text", N_("一条最多 %(most)d 字，您写了 %(given)d 字。"), most=LONGEST, given=len(kept))
    if any(one.text == kept for one in others):
        raise Invalid.field("text", N_("已经有这一条了。"))
    return kept
