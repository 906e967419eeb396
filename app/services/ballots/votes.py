"""Voting: one envelope in one seat, in place of an earlier one, and nothing else anywhere (DESIGN §3)."""

import secrets
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.ballots import Ballot
from app.db.queries import ballots as queries
from app.db.queries.ballots import LockedSeat
from app.db.work import WorkItem
from app.domain import ballots, clock
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.identity import Actor
from app.domain.text import N_
from app.domain.vocabulary import CollectiveStatus, InstanceStatus
from app.services.ballots import envelopes
from app.services.steps import NOT_RUNNING
from app.services.transactions import connection_of, writing

ENDED = N_("投票已经截止，不能再投，也不能改投。")
CAST = N_("您已经投过票；这次投票投出以后不能改投。")
ON_PAPER = N_("您领了纸质选票，请投纸质选票；要改在这里投，请先把纸质选票还给监票人。")
LEFT = N_("您已经不在这个单位任职，不能投票；名册不改。")


def ballot_of(session: Session, actor: Actor, item_id: int) -> int:
    """Return the ballot that an own work item is for. Raises NotFound for anything else."""
    query = select(Ballot.id).join(WorkItem, WorkItem.collective_id == Ballot.id)
    found = session.scalar(query.where(WorkItem.id == item_id, WorkItem.assignee_id == actor.person_id))
    if found is None:
        raise NotFound
    return found


def vote(session: Session, actor: Actor, ballot_id: int, chosen: Sequence[str]) -> str:
    """Seal a vote into the person's seat and return its receipt, which is kept nowhere else that can be read.

    Raises NotFound for who is not on the roll, Conflict outside the voting or where a vote cannot be
    changed, Invalid for another paper.
    """
    with writing(session):
        connection = connection_of(session)
        seat = queries.lock_seat(connection, ballot_id, actor.person_id)
        if seat is None:
            raise NotFound
        _refuse_unless_open(actor, seat)
        receipt = secrets.token_bytes(ballots.RECEIPT_BYTES)
        record = ballots.pack(places_of(seat.paper, chosen), receipt)
        sealed = envelopes.seal(record, seat.public_key)
        if not queries.keep_vote(connection, ballot_id, actor.person_id, sealed, can_change=seat.can_change):
            has_paper = queries.has_paper(connection, ballot_id, actor.person_id)
            raise Conflict(ON_PAPER if has_paper else CAST)
    return ballots.spell(receipt)


def places_of(paper: ballots.Paper, chosen: Sequence[str]) -> list[int]:
    """Return the places of the names chosen. Raises Invalid, saying what is wrong with the paper."""
    places = {choice.id: place for place, choice in enumerate(paper.choices)}
    if any(one not in places for one in chosen):
        raise Invalid.field("choices", N_("选票上没有这个人，请刷新页面再选。"))
    if len(set(chosen)) < len(chosen):
        raise Invalid.field("choices", N_("同一个人选了两次，请取消一次。"))
    if len(chosen) > paper.seats:
        message = N_("最多选 %(most)d 人，您选了 %(chosen)d 人，请先取消几位。")
        raise Invalid.field("choices", message, most=paper.seats, chosen=len(chosen))
    if not chosen and not paper.can_abstain:
        raise Invalid.field("choices", N_("请至少选一人。"))
    return [places[one] for one in chosen]


def _refuse_unless_open(actor: Actor, seat: LockedSeat) -> None:
    if seat.instance_status != InstanceStatus.RUNNING:
        raise Conflict(NOT_RUNNING.get(InstanceStatus(seat.instance_status), ENDED))
    if seat.status != CollectiveStatus.OPEN or (seat.due_at is not None and seat.due_at <= clock.now()):
        raise Conflict(ENDED)
    if not actor.belongs_to(seat.organization_id):
        raise Forbidden(LEFT)
