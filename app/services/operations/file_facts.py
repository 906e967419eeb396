"""Reading the facts of a person's file into a case, for its decision tables and conditions."""

from datetime import date
from typing import Any

from sqlalchemy import select

from app.db.people import Position
from app.domain import clock
from app.domain.errors import Conflict
from app.domain.fact_reading import fact_rules
from app.domain.facts import FACTS
from app.domain.text import N_
from app.services.accounts.actors import holds_today
from app.services.dossiers.facts import facts_of, rule_values
from app.services.operations.call import Call


def read_facts(call: Call) -> dict[str, Any]:
    """Read what is proven of a person as of a day; sanctions only where the diagram asks for them.

    Raises Conflict for a person of another organisation.
    """
    person_id = _person(call)
    as_of = date.fromisoformat(call.params["as_of"]) if call.params.get("as_of") else clock.today()
    rules = fact_rules(rule_values(call.rules))
    found = facts_of(call.session, person_id, call.organization_id, as_of, rules)
    if not call.params.get("sanctions"):
        found = {name: value for name, value in found.items() if not FACTS[name].is_confidential}
    evidence = {name: list(one.evidence) for name, one in found.items() if one.evidence}
    values = {name: one.value for name, one in found.items()}
    return {**values, "person": person_id, "as_of": as_of.isoformat(), "evidence": evidence}


def _person(call: Call) -> int:
    person = call.params.get("person")
    if person is None:
        return call.required_initiator()
    if person != call.initiator_id and not _is_here(call, person):
        raise Conflict(N_("只能读取本单位人员的档案，请核对所选的人。"))
    return int(person)


def _is_here(call: Call, person_id: Any) -> bool:
    held = select(Position.id).where(
        Position.person_id == person_id, Position.organization_id == call.organization_id, holds_today()
    )
    return isinstance(person_id, int) and call.session.scalar(held.limit(1)) is not None
