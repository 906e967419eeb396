"""Seats that a declined or struck host leaves: who comes next in the order, and whether that is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from app.db.rounds import Application, Round
from app.domain.rounds import ApplicationKind, ApplicationResult
from app.domain.selections import next_in_order
from app.services.selections import outcomes, sheets
from app.services.selections.outcomes import Rules

DECLINED = "selection.declined"
NEXT = "next"
GONE = frozenset({ApplicationResult.STRUCK, ApplicationResult.DECLINED})


class Filling(StrEnum):
    """What becomes of vacant seats: the next of the order took them, the leader is asked, or they stay empty."""

    FILLED = "filled"
    ASK = "ask"
    NONE = "none"


@dataclass(frozen=True)
class Vacancies:
    """How many seats stand empty, whether one fell vacant by an objection, and who comes next in the order."""

    count: int
    is_by_objection: bool
    next: Sequence[int]


def vacancies(session: Session, round_: Round, rules: Rules) -> Vacancies:
    """Read which seats of a round are to be filled again."""
    hosts = outcomes.accepted(session, round_, ApplicationKind.HOST)
    results = {one.person_id: one.result for one in hosts}
    sheet = sheets.drawn(session, round_)
    determined = {row["person"] for row in sheet.rows if row["is_chosen"]}
    struck = sum(result == ApplicationResult.STRUCK for result in results.values())
    declined = sum(result == ApplicationResult.DECLINED for result in results.values())
    if outcomes.rule_of(rules, DECLINED) != NEXT:
        declined = 0
    followed = {person for person, result in results.items() if result in _PUT_FORWARD and person not in determined}
    taken = {person for person, result in results.items() if result != ApplicationResult.RESERVE}
    order = next_in_order(sheets.standings_in(sheet), taken | _strangers(sheet.rows, results))
    return Vacancies(struck + declined - len(followed), struck > 0, order)


_PUT_FORWARD = frozenset({ApplicationResult.CHOSEN, *GONE})


def fill(session: Session, round_: Round, rules: Rules) -> Filling:
    """Put the next of the order forward for seats that were declined, while the order says who that is."""
    filling = Filling.NONE
    while True:
        found = vacancies(session, round_, rules)
        if found.count <= 0 or not found.next:
            return filling
        if found.is_by_objection or len(found.next) > 1:
            return Filling.ASK if filling is Filling.NONE else filling
        put_forward(session, round_, found.next[0])
        filling = Filling.FILLED


def put_forward(session: Session, round_: Round, person_id: int) -> Application:
    """Let somebody of the order take a vacant seat, with the members who wait for it and accept to be placed."""
    hosts = {one.person_id: one for one in outcomes.accepted(session, round_, ApplicationKind.HOST)}
    found = hosts[person_id]
    found.result = ApplicationResult.CHOSEN
    members = [one for one in outcomes.accepted(session, round_, ApplicationKind.MEMBER) if _waits(one, hosts)]
    first = next((one.studio_host_id for one in members), None)
    for member in (one for one in members if one.studio_host_id == first):
        if member.accepts_allocation or member.wished_host_id in {None, person_id}:
            member.studio_host_id = person_id
        else:
            member.result = ApplicationResult.RESERVE
    session.flush()
    return found


def _waits(member: Application, hosts: dict[int, Application]) -> bool:
    """Tell whether a chosen member's host is gone."""
    host = hosts.get(member.studio_host_id or 0)
    return member.result == ApplicationResult.CHOSEN and (host is None or host.result in GONE)


def _strangers(rows: Sequence[dict[str, int]], results: dict[int, ApplicationResult | None]) -> set[int]:
    """Return who stands on the sheet and is no candidate any more."""
    return {row["person"] for row in rows} - set(results)
