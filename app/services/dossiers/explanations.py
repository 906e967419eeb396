"""Whether somebody may apply for something, condition by condition: met, not met, or not provable, and by what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from app.db.people import Organization
from app.domain.dossiers import EntryKind
from app.domain.errors import NotFound
from app.domain.fact_reading import Told, fact_rules
from app.domain.facts import FACTS, Fact, FactState, FactValue, choice_of
from app.domain.rules import EffectiveRule
from app.domain.vocabulary import Affiliation
from app.engine.decisions import conditions
from app.services.dossiers.condition_inputs import LADDER, ROW, Inputs, inputs_of, inputs_of_next_rank
from app.services.dossiers.condition_tables import TABLES, Table, load_tables
from app.services.dossiers.facts import File, pending_kinds, read_file
from app.services.rulebook.rules import effective_rules, pinned
from app.services.texts import filled

_DIRECT = frozenset({Affiliation.DIRECT, Affiliation.PRIVATE})


class Met(StrEnum):
    """What can be said of a condition."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_PROVABLE = "not_provable"


_STATES = {True: Met.MET, False: Met.NOT_MET, None: Met.NOT_PROVABLE}


@dataclass(frozen=True)
class Condition:
    """A condition with what is asked and what the file proves; `rule` is the pinned rule that asks for it."""

    id: str
    title: str
    state: Met
    requirement: str
    # What it looks at, None where no file can prove it.
    fact: Fact | None
    value: FactValue
    evidence: tuple[Told, ...]
    parameter: str
    rule: Mapping[str, Any]


@dataclass(frozen=True)
class Explanation:
    """The conditions of one table for one person, as of a day; years of service count up to `years_until`."""

    table: Table
    title: str
    # The rank that the conditions lead to.
    target: str
    is_first_placement: bool
    as_of: date
    years_until: date
    conditions: tuple[Condition, ...]

    @property
    def missing(self) -> tuple[Condition, ...]:
        """Return the conditions that are not met, or not proven."""
        return tuple(one for one in self.conditions if one.state is not Met.MET)


@dataclass(frozen=True)
class _Reader:
    """Who is explained: the file, read once for all tables."""

    file: File
    pending: frozenset[EntryKind]
    organization: Organization
    has_sanctions: bool


def explain(
    session: Session, person_id: int, organization_id: int, table: Table, as_of: date, *, has_sanctions: bool
) -> Explanation | None:
    """Return the conditions of a table for a person of a school; None where none apply there.

    Conditions on sanctions are left out for those who may not see them. Raises NotFound.
    """
    found = explanations_of(session, person_id, organization_id, as_of, has_sanctions=has_sanctions, tables=[table])
    return found[0] if found else None


def explanations_of(
    session: Session,
    person_id: int,
    organization_id: int,
    as_of: date,
    *,
    has_sanctions: bool,
    tables: Iterable[Table] = Table,
) -> list[Explanation]:
    """Return what the rules of a school ask of a person, table by table; those without a condition are left out."""
    organization = session.get(Organization, organization_id)
    if organization is None:
        raise NotFound
    file = read_file(session, person_id, organization_id, as_of)
    reader = _Reader(file, pending_kinds(session, person_id), organization, has_sanctions)
    found = (_explained(reader, table, _rules_of(session, reader, table)) for table in tables)
    return [one for one in found if one is not None and one.conditions]


def _rules_of(session: Session, reader: _Reader, table: Table) -> Mapping[str, EffectiveRule]:
    return effective_rules(session, reader.organization.id, TABLES[table].programme, reader.file.as_of)


def _explained(reader: _Reader, table: Table, rules: Mapping[str, EffectiveRule]) -> Explanation | None:
    reading = fact_rules({key: rule.value for key, rule in rules.items()})
    facts = {name: _known(reader, FACTS[name], value) for name, value in reader.file.facts(reading).items()}
    inputs = _inputs(reader, table, rules, facts)
    if inputs is None or not rules:
        return None
    return Explanation(
        table,
        TABLES[table].title,
        inputs.target,
        inputs.is_first_placement,
        reader.file.as_of,
        reading.years_until(reader.file.as_of),
        tuple(_conditions(reader, table, rules, facts, inputs)),
    )


def _known(reader: _Reader, fact: Fact, value: FactValue) -> FactValue:
    """Return a fact, pending where nothing proves it and an entry of its kind waits to be verified."""
    if value.state is FactState.ABSENT and fact.source in reader.pending:
        return FactValue(state=FactState.PENDING)
    return value


def _inputs(
    reader: _Reader, table: Table, rules: Mapping[str, EffectiveRule], facts: Mapping[str, FactValue]
) -> Inputs | None:
    if table is not Table.NEXT_RANK:
        return inputs_of(rules)
    values = {name: one.value for name, one in facts.items()}
    return inputs_of_next_rank(rules, values, is_direct=reader.organization.affiliation in _DIRECT)


def _conditions(
    reader: _Reader,
    table: Table,
    rules: Mapping[str, EffectiveRule],
    facts: Mapping[str, FactValue],
    inputs: Inputs,
) -> Iterator[Condition]:
    """Yield the conditions that the rules ask for and that may be shown."""
    decision = TABLES[table].decision
    values = {**{name: one.value for name, one in facts.items()}, **inputs.names}
    for judged in conditions.judge_conditions(load_tables()[decision], decision, values):
        parameter = judged.outputs["parameter"]
        looked_at = [FACTS[name] for name in sorted(judged.names & FACTS.keys())]
        is_shown = reader.has_sanctions or not any(fact.is_confidential for fact in looked_at)
        if inputs.is_set(parameter) and is_shown:
            rule = rules[LADDER if parameter.startswith(f"{ROW}.") else parameter]
            yield _condition(reader, judged, rule, facts, inputs)


def _condition(
    reader: _Reader,
    judged: conditions.Condition,
    rule: EffectiveRule,
    facts: Mapping[str, FactValue],
    inputs: Inputs,
) -> Condition:
    names = sorted(judged.names & FACTS.keys())
    fact = choice_of(names[0]) if names else None
    evidence = {entry for name in names for entry in facts[name].evidence}
    return Condition(
        id=judged.id,
        title=judged.title,
        state=_STATES[judged.truth],
        requirement=filled(judged.outputs["requirement"], inputs.texts, lambda texts, path: texts.get(path)),
        fact=fact,
        value=facts[fact.name] if fact else FactValue(),
        evidence=tuple(reader.file.entries[entry] for entry in sorted(evidence)),
        parameter=rule.key,
        rule=pinned(rule),
    )
