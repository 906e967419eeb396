"""Secret ballots: voting, the scrutineers' acts, and the tally sheet."""

from datetime import date
from typing import Annotated

from flask import Response
from pydantic import Field

from app.services.ballots import counting, openings, roll_checks, standings, votes
from app.services.ballots.standings import BallotView
from app.views import papers
from app.views.api.answering import CREATED, OK, PAPER, answer, known
from app.views.api.family import Family
from app.views.api.fields import Answer, Body, Instant, Paging, Path
from app.views.database import get_session
from app.views.keeping import passphrase_for
from app.views.session import current_actor

family = Family("ballots", "无记名投票")
Word = Annotated[str, Field(max_length=100)]


class Vote(Body):
    choices: Annotated[list[Word | int], Field(max_length=256)] = Field(description="选的人的 id；弃权是空的一列")


class Receipt(Answer):
    receipt: str = Field(description="选票回执：只给这一次，计票单上找得到它，就是您的票计进去了")


class Passphrase(Body):
    passphrase: Annotated[str, Field(max_length=200)] = Field("", description="监票口令；由平台保管的投票不用填")


class Named(Answer):
    id: str
    name: str
    hint: str


class Scrutineer(Answer):
    name: str
    is_ready: bool = Field(description="设好了口令")


class BallotState(Answer):
    id: int
    instance: int
    title: str
    status: str = Field(description="preparing 等监票人，open 投票，counting 等计票，closed 已结束，cancelled 已取消")
    custody: str
    choices: list[Named] = Field(description="顺序每人不同，与得票无关")
    seats: int = Field(description="最多选几人")
    can_abstain: bool
    can_change: bool = Field(description="截止前能不能改投")
    roll: int = Field(description="名册人数")
    roll_hash: str = Field(description="名册的指纹")
    turnout: int | None = Field(description="投票的约占名册百分之几，按 5 取整；名册不到 5 人的不给")
    due_at: Instant | None
    scrutineers: list[Scrutineer]


class Voter(Answer):
    id: int
    name: str


class Roll(Answer):
    is_frozen: bool = Field(description="投票开始时固定；以前是按今天的任职算的")
    roll: int
    roll_hash: str = Field(description="固定以后的指纹")
    list_from_on: date | None = Field(description="依据哪天起的班主任名单；没有名单的为空")
    remarks: dict[str, list[str]] = Field(
        description="left_out 按规则不投票，gone 名单上有、已离任，unlisted 任职、名单上没有，closed 账号停用，"
        "twice 一个人两次、只算一次，joined、left 固定以后任职、离任：各有哪些人的姓名，没有的不写"
    )
    people: list[Voter]
    next: str | None = Field(description="下一页的 cursor")


class Votes(Answer):
    id: str
    name: str
    votes: int
    place: int | None = Field(description="名次，同票同名次；还没有公布的为空")


class TallySheet(Answer):
    totals: list[Votes]
    tied: list[str] = Field(description="得票相同、名额定不下来的人的 id")
    roll: int
    answered: int
    turnout: float = Field(description="收到的选票占名册百分之几")
    papers: int = Field(description="其中纸质选票几张；它们没有回执")
    abstained: int
    void: int
    receipts: list[str] = Field(description="排过序的选票回执，不与选的人放在一起")


class Waiting(Answer):
    tally: TallySheet | None = Field(description="计票的结果；还要另一位监票人开启的为空")
    is_confirmed: bool


@family.post("/tasks/<int:id>/vote", summary="投票；能改投的，截止前再投一次就是改投", responses={CREATED: Receipt})
def vote(path: Path, body: Vote) -> Response:
    """Cast a vote, in place of an earlier one where that is allowed."""
    session, actor = get_session(), current_actor()
    ballot_id = votes.ballot_of(session, actor, known(path.id))
    return answer(Receipt(receipt=votes.vote(session, actor, ballot_id, [str(one) for one in body.choices])), CREATED)


@family.get("/ballots/<int:id>", summary="一次投票：选票、名册指纹、约略的投票率", responses={OK: BallotState})
def show(path: Path) -> Response:
    """Return what may be known of a ballot."""
    return answer(_state(standings.ballot_view(get_session(), current_actor(), known(path.id))))


@family.get("/ballots/<int:id>/roll", summary="名册和核对", responses={OK: Roll})
def roll(path: Path, query: Paging) -> Response:
    """Return who is on the roll, and what was checked."""
    session = get_session()
    view = standings.ballot_view(session, current_actor(), known(path.id))
    check = roll_checks.roll_check(session, view)
    people = roll_checks.people_on(session, check, query.cursor, query.limit)
    found = Roll(
        is_frozen=check.is_frozen,
        roll=len(check.people),
        roll_hash=view.task.roll_hash,
        list_from_on=check.list_from_on,
        remarks={remark.value: names for remark, names in check.names.items()},
        people=[Voter(id=one.id, name=one.name) for one in people.items],
        next=people.next,
    )
    return answer(found)


@family.get("/ballots/<int:id>/tally", summary="计票单；还没有计票是 409", responses={OK: TallySheet})
def tally(path: Path) -> Response:
    """Return the tally sheet."""
    view = standings.ballot_view(get_session(), current_actor(), known(path.id))
    return answer(_sheet(view))


@family.get("/ballots/<int:id>/tally.pdf", summary="计票单（PDF/A），有核验码；还没有计票是 409", responses={OK: PAPER})
def tally_sheet(path: Path) -> Response:
    """Answer the tally sheet, to be printed."""
    return papers.tally_sheet_of(get_session(), current_actor(), known(path.id))


@family.post("/ballots/<int:id>/passphrase", summary="监票人设置口令", responses={OK: BallotState})
def prepare(path: Path, body: Passphrase) -> Response:
    """Set a scrutineer's passphrase."""
    session, actor, ballot_id = get_session(), current_actor(), known(path.id)
    passphrase = passphrase_for(standings.ballot_view(session, actor, ballot_id), body.passphrase)
    openings.set_passphrase(session, actor, ballot_id, passphrase)
    return answer(_state(standings.ballot_view(session, actor, ballot_id)))


@family.post("/ballots/<int:id>/count", summary="监票人开启选票、计票，可以反复", responses={OK: Waiting})
def count(path: Path, body: Passphrase) -> Response:
    """Open the ballots and count."""
    session, actor, ballot_id = get_session(), current_actor(), known(path.id)
    view = standings.ballot_view(session, actor, ballot_id)
    counted = counting.count(session, actor, ballot_id, passphrase_for(view, body.passphrase))
    return answer(Waiting(tally=_counted(view, counted) if counted else None, is_confirmed=False))


@family.post("/ballots/<int:id>/confirm", summary="监票人确认计票，两位确认就公布", responses={OK: Waiting})
def confirm(path: Path, body: Passphrase) -> Response:
    """Confirm the count."""
    session, actor, ballot_id = get_session(), current_actor(), known(path.id)
    view = standings.ballot_view(session, actor, ballot_id)
    is_final = counting.confirm(session, actor, ballot_id, passphrase_for(view, body.passphrase))
    found = _sheet(standings.ballot_view(session, actor, ballot_id)) if is_final else None
    return answer(Waiting(tally=found, is_confirmed=is_final))


def _state(view: BallotView) -> BallotState:
    task, ballot = view.task, view.ballot
    return BallotState(
        id=ballot.id,
        instance=task.instance_id,
        title=view.case.title,
        status=task.status,
        custody=ballot.custody,
        choices=[Named(id=one.id, name=one.name, hint=one.hint) for one in view.choices],
        seats=ballot.seats,
        can_abstain=ballot.can_abstain,
        can_change=ballot.can_change,
        roll=task.roll,
        roll_hash=task.roll_hash,
        turnout=view.turnout,
        due_at=task.due_at,
        scrutineers=[
            Scrutineer(name=one.person.name, is_ready=ballot.voting_at is not None or one.public_key is not None)
            for one in view.keepers
        ],
    )


def _sheet(view: BallotView) -> TallySheet:
    """Write the published tally. Raises Conflict before the count is confirmed."""
    lines, ballot = standings.tally_lines(view), view.ballot
    answered, roll = ballot.answered or 0, view.task.roll
    return TallySheet(
        totals=[Votes(id=one.choice.id, name=one.choice.name, votes=one.votes, place=one.place) for one in lines],
        tied=[one.id for one in standings.tied(view)],
        roll=roll,
        answered=answered,
        turnout=round(100 * answered / roll, 1) if roll else 0.0,
        papers=ballot.papers or 0,
        abstained=ballot.abstained or 0,
        void=ballot.void or 0,
        receipts=list(ballot.receipts or []),
    )


def _counted(view: BallotView, counted: counting.Counted) -> TallySheet:
    tally, roll = counted.tally, view.task.roll
    totals = zip(view.paper.choices, tally.votes, strict=True)
    return TallySheet(
        totals=[Votes(id=choice.id, name=choice.name, votes=number, place=None) for choice, number in totals],
        tied=[],
        roll=roll,
        answered=tally.answered,
        turnout=round(100 * tally.answered / roll, 1) if roll else 0.0,
        papers=tally.papers,
        abstained=tally.abstained,
        void=tally.void,
        receipts=list(tally.receipts),
    )
