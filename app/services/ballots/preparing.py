"""Preparing a ballot: its paper is fixed, and three scrutineers are asked for their passphrases before anyone votes."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from app.db.ballots import Ballot, BallotScrutineer
from app.db.queries import ballots as queries
from app.db.queries import rolls
from app.domain import clock
from app.domain.errors import Invalid
from app.domain.text import N_
from app.domain.vocabulary import ROLE_TITLES, Role
from app.engine.ballots import BallotTerms
from app.engine.due_values import WorkingDays
from app.services.participations import Part
from app.services.timing.dues import due_at
from app.services.transactions import connection_of

PREPARE = N_("监票：设置监票口令")
# Everybody waits for the scrutineers: each of their acts is due on the next working day.
DUTY_LASTS = WorkingDays(1)
NOT_HERE = N_("监票人要是本单位在职的人，请重新选。")


def prepare(
    session: Session, collective_id: int, common: Mapping[str, Any], terms: BallotTerms, left_out: Collection[int]
) -> None:
    """Write the ballot of a collective task that became ready, and ask its scrutineers. Raises Invalid."""
    people = _scrutineers(session, common["organization_id"], terms)
    ballot = Ballot(
        id=collective_id,
        choices=[asdict(choice) for choice in terms.paper.choices],
        seats=terms.paper.seats,
        places=terms.places,
        can_abstain=terms.paper.can_abstain,
        custody=terms.custody,
        can_change=terms.can_change,
        with_assistants=terms.with_assistants,
        left_out=sorted(left_out),
    )
    session.add(ballot)
    session.flush()
    session.add_all(BallotScrutineer(ballot_id=collective_id, person_id=person_id) for person_id in people)
    session.flush()
    connection = connection_of(session)
    due = due_at(DUTY_LASTS)
    dated = {"due_at": due.instant, "is_due_provisional": due.is_provisional, "reckoning": due.reckoning}
    duty = {**common, **dated, "element_name": PREPARE}
    queries.add_duties(connection, duty, people)
    rolls.add_parts(connection, collective_id, common["instance_id"], Part.ASKED, clock.now())


def _scrutineers(session: Session, organization_id: int, terms: BallotTerms) -> set[int]:
    named = {one for one in terms.scrutineers if isinstance(one, int)}
    if named & terms.candidates:
        raise Invalid.field("scrutineers", N_("候选人不能当监票人，请重新选。"))
    here = queries.at_work(connection_of(session), organization_id, named, clock.today())
    if here != named:
        raise Invalid.field("scrutineers", NOT_HERE)
    for role in (one for one in terms.scrutineers if isinstance(one, str)):
        here.add(_holder(session, organization_id, role, here | terms.candidates))
    return here


def _holder(session: Session, organization_id: int, role: str, others: Collection[int]) -> int:
    """Return who holds a position and neither is a scrutineer yet nor stands for election."""
    holders = queries.holders(connection_of(session), organization_id, role, clock.today())
    found = next((person_id for person_id in holders if person_id not in others), None)
    if found is None:
        message = N_("没有可以当监票人的%(role)s，请先任命，或者重新选。")
        raise Invalid.field("scrutineers", message, role=ROLE_TITLES[Role(role)])
    return found
