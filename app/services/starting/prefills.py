"""What a start form begins with: facts of the person's own file, each with what proves it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain import clock
from app.domain.fact_reading import fact_rules
from app.domain.facts import FACTS, Fact, Value
from app.domain.identity import Actor
from app.engine.forms import Inputs, Option
from app.engine.forms.prefills import fitted
from app.services.dossiers.facts import facts_of, rule_values
from app.services.publishing import definitions
from app.services.starting.pinnings import pinned_for
from app.services.starting.starts import Startable


@dataclass(frozen=True)
class Prefilled:
    """What a field begins with, None where the file does not prove it, and the entries that do."""

    fact: Fact
    value: Value
    evidence: tuple[int, ...]


def prefilled(
    session: Session, actor: Actor, chosen: Startable, options: Mapping[str, Sequence[Option]]
) -> dict[str, Prefilled]:
    """Return what the fields of a start form that name a fact begin with, by key, as of today."""
    part = definitions.part_of(chosen.version)
    form = part.form_of(part.model.start.id)
    asked = {key: FACTS[field.prefill] for key, field in form.fields.items() if field.prefill} if form else {}
    if form is None or not asked:
        return {}
    rules = fact_rules(rule_values(pinned_for(session, chosen.version, chosen.organization)))
    known = facts_of(session, actor.person_id, chosen.organization.id, clock.today(), rules)
    inputs = Inputs(options=options, is_partial=True)
    return {
        key: Prefilled(fact, fitted(form.fields[key], fact, known[fact.name].value, inputs), known[fact.name].evidence)
        for key, fact in asked.items()
    }


def values_of(found: Mapping[str, Prefilled]) -> dict[str, Value]:
    """Return the values that the file proves."""
    return {key: one.value for key, one in found.items() if one.value is not None}
