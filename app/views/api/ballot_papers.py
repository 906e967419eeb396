"""Paper ballots: who gets one, and what scrutineers read from them."""

from typing import Annotated

from flask import Response
from pydantic import Field

from app.domain.errors import Invalid
from app.domain.paper_ballots import MOST_PAPERS, Stack
from app.domain.text import N_
from app.services.ballots import paper_readings, paper_voters, standings
from app.services.ballots.standings import BallotView
from app.views.api.answering import OK, answer, known
from app.views.api.family import Family
from app.views.api.fields import Answer, Body, Path
from app.views.database import get_session
from app.views.session import current_actor

family = Family("ballot_papers", "纸质选票")
Number = Annotated[int, Field(ge=0, le=MOST_PAPERS)]


class PaperVoter(Body):
    person: int = Field(description="名册上的人的编号")
    has_paper: bool = Field(default=True, description="领走是真：从电子名册上划掉；还回来是假")


class Holders(Answer):
    people: list[int] = Field(description="领了纸质选票的人的编号")


class NameVotes(Body):
    id: Annotated[str, Field(max_length=100)]
    votes: Number


class PaperVotes(Body):
    papers: Number = Field(description="一共收回几张，弃权、无效的也算")
    abstained: Number = 0
    void: Number = 0
    votes: Annotated[list[NameVotes], Field(max_length=256)] = Field(description="各人得几票；没写的是 0")


class Read(Answer):
    readings: int = Field(description="几位监票人录入了；内容封存到计票")


@family.post("/ballots/<int:id>/paper-voters", summary="监票人发、收回一张纸质选票", responses={OK: Holders})
def strike(path: Path, body: PaperVoter) -> Response:
    """Strike a voter from the electronic roll, or put one back."""
    session, actor, ballot_id = get_session(), current_actor(), known(path.id)
    change = paper_voters.issue if body.has_paper else paper_voters.take_back
    change(session, actor, ballot_id, body.person)
    issued = paper_voters.voters(session, actor, ballot_id, "").issued
    return answer(Holders(people=[seat.person_id for seat in issued]))


@family.post("/ballots/<int:id>/papers", summary="监票人录入纸质选票，两位一样才计票", responses={OK: Read})
def read(path: Path, body: PaperVotes) -> Response:
    """Keep what a scrutineer read."""
    session, actor, ballot_id = get_session(), current_actor(), known(path.id)
    view = standings.ballot_view(session, actor, ballot_id)
    paper_readings.read(session, actor, ballot_id, _stack(view, body))
    return answer(Read(readings=len(paper_readings.readings(session, ballot_id).sealed)))


def _stack(view: BallotView, body: PaperVotes) -> Stack:
    places = {choice.id: place for place, choice in enumerate(view.paper.choices)}
    votes = [0] * len(places)
    for one in body.votes:
        if one.id not in places:
            raise Invalid.field("votes", N_("选票上没有这个人，请核对 id。"))
        votes[places[one.id]] = one.votes
    return Stack(body.papers, body.abstained, body.void, tuple(votes))
