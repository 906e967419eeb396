"""Whether somebody may apply for something, condition by condition: met, not met, or not provable, and by what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from app.db.people import Organization
from app.domain.dossiers import EntryKind, Rank
from app.domain.errors import NotFound
from app.domain.fact_reading import FactRules, Told, fact_rules
from app.domain.facts import FACTS, Fact, FactState, FactValue, Value, choice_of
from app.domain.ranks import RankApplicationKind
from app.domain.rules import EffectiveRule
from app.domain.service_years import MONTHS, plus_months
from app.domain.vocabulary import Affiliation, Programme
from app.engine.decisions import conditions
from app.services.dossiers.condition_inputs import ROWS, WORK, Inputs, inputs_of, inputs_of_rank
from app.services.dossiers.condition_tables import TABLES, Table, load_tables
from app.services.dossiers.facts import File, pending_kinds, read_file
from app.services.dossiers.rank_reach import Reach, reach_of
from app.services.rulebook.rules import effective_rules, pinned
from app.services.texts import filled

YEARS = "homeroom_years"
MOST_YEARS_AHEAD = 20
Rules = Mapping[str, EffectiveRule]
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
    # What it looks at, None where no file can prove it; the latest entry that proves it comes first.
    fact: Fact | None
    value: FactValue
    evidence: tuple[Told, ...]
    parameter: str
    rule: Mapping[str, Any]
    # When years are long enough, if the person stays in the post; None where more than years is missing.
    expected_on: date | None = None

    @property
    def is_attached(self) -> bool:
        """Tell whether it is shown with the application, by papers that no file holds."""
        return self.fact is None and self.parameter == WORK

    @property
    def is_pending(self) -> bool:
        """Tell whether an entry that may prove it waits to be verified."""
        return self.state is Met.NOT_PROVABLE and self.value.state is FactState.PENDING


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
    # Of conditions of a rank: the ranks within reach.
    reach: Reach | None = None

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


@dataclass(frozen=True)
class _Judging:
    """One table for one person: by which rules, with which facts."""

    reader: _Reader
    table: Table
    rules: Rules
    reading: FactRules
    facts: Mapping[str, FactValue]
    inputs: Inputs

    def judge(self, facts: Mapping[str, FactValue]) -> tuple[conditions.Condition, ...]:
        """Look at every condition with some facts."""
        decision = TABLES[self.table].decision
        return conditions.judge_conditions(load_tables()[decision], decision, {**_values(facts), **self.inputs.names})

    def rule_behind(self, parameter: str) -> EffectiveRule:
        """Return the rule that asks for something; for what a row asks, the one that the row stands in."""
        return self.rules[ROWS.get(parameter.partition(".")[0], parameter)]


def explain(
    session: Session,
    person_id: int,
    organization_id: int,
    table: Table,
    as_of: date,
    *,
    has_sanctions: bool,
    rank: Rank | None = None,
) -> Explanation | None:
    """Return the conditions of a table for a person of a school; None where none apply there.

    Those of a rank are those of the one named, where one is. Conditions on sanctions are left out for those who may
    not see them. Raises NotFound.
    """
    reader = _read(session, person_id, organization_id, as_of, has_sanctions=has_sanctions)
    found = _explained(reader, table, _rules_of(session, reader, TABLES[table].programme), rank)
    return found if found and found.conditions else None


def explanations_of(
    session: Session, person_id: int, organization_id: int, as_of: date, *, has_sanctions: bool
) -> list[Explanation]:
    """Return what the rules of a school ask of a person, table by table; those without a condition are left out."""
    reader = _read(session, person_id, organization_id, as_of, has_sanctions=has_sanctions)
    rules = {programme: _rules_of(session, reader, programme) for programme in Programme}
    found = (_explained(reader, table, rules[TABLES[table].programme]) for table in Table)
    return [one for one in found if one is not None and one.conditions]


def _read(session: Session, person_id: int, organization_id: int, as_of: date, *, has_sanctions: bool) -> _Reader:
    organization = session.get(Organization, organization_id)
    if organization is None:
        raise NotFound
    file = read_file(session, person_id, organization_id, as_of)
    return _Reader(file, pending_kinds(session, person_id), organization, has_sanctions)


def _rules_of(session: Session, reader: _Reader, programme: Programme) -> Rules:
    return effective_rules(session, reader.organization.id, programme, reader.file.as_of)


def _explained(reader: _Reader, table: Table, rules: Rules, rank: Rank | None = None) -> Explanation | None:
    reading = fact_rules({key: rule.value for key, rule in rules.items()})
    facts = {name: _known(reader, FACTS[name], value) for name, value in reader.file.facts(reading).items()}
    reach = _reach(reader, rules, facts) if TABLES[table].programme is Programme.RANK else None
    inputs = _inputs_of_rank(reader, table, rules, reach, rank) if reach else inputs_of(rules)
    if inputs is None or not rules:
        return None
    return Explanation(
        table,
        TABLES[table].title,
        inputs.target,
        inputs.is_first_placement,
        reader.file.as_of,
        reading.years_until(reader.file.as_of),
        tuple(_conditions(_Judging(reader, table, rules, reading, facts, inputs))),
        reach,
    )


def _reach(reader: _Reader, rules: Rules, facts: Mapping[str, FactValue]) -> Reach | None:
    return reach_of({key: rule.value for key, rule in rules.items()}, facts, is_direct=_is_direct(reader))


def _is_direct(reader: _Reader) -> bool:
    return reader.organization.affiliation in _DIRECT


def _inputs_of_rank(reader: _Reader, table: Table, rules: Rules, reach: Reach, rank: Rank | None) -> Inputs | None:
    """Return what a rank asks: the one named, else the one within reach, or the one after it; None at the top."""
    aim = reach.rung(rank) if rank else reach.aim
    rung = reach.higher if table is Table.HIGHER_RANK else aim
    is_first = reach.kind is RankApplicationKind.FIRST
    return inputs_of_rank(rules, rung, is_direct=_is_direct(reader), is_first_placement=is_first) if rung else None


def _known(reader: _Reader, fact: Fact, value: FactValue) -> FactValue:
    """Return a fact, pending where nothing proves it and an entry of its kind waits to be verified."""
    if value.state is FactState.ABSENT and fact.source in reader.pending:
        return FactValue(state=FactState.PENDING)
    return value


def _conditions(judging: _Judging) -> Iterator[Condition]:
    """Yield the conditions that the rules ask for and that may be shown."""
    for judged in judging.judge(judging.facts):
        looked_at = [FACTS[name] for name in judged.names & FACTS.keys()]
        is_shown = judging.reader.has_sanctions or not any(fact.is_confidential for fact in looked_at)
        if judging.inputs.is_set(judged.outputs["parameter"]) and is_shown:
            yield _condition(judging, judged)


def _condition(judging: _Judging, judged: conditions.Condition) -> Condition:
    names = sorted(judged.names & FACTS.keys())
    fact = choice_of(names[0]) if names else None
    evidence = [judging.reader.file.entries[entry] for name in names for entry in judging.facts[name].evidence]
    texts, rule = judging.inputs.texts, judging.rule_behind(judged.outputs["parameter"])
    return Condition(
        id=judged.id,
        title=judged.title,
        state=_STATES[judged.truth],
        requirement=filled(judged.outputs["requirement"], texts, lambda known, path: known.get(path)),
        fact=fact,
        value=judging.facts[fact.name] if fact else FactValue(),
        evidence=tuple(sorted(set(evidence), key=lambda entry: (entry.from_on, entry.id), reverse=True)),
        parameter=rule.key,
        rule=pinned(rule),
        expected_on=_expected_on(judging, judged) if judged.truth is False and names == [YEARS] else None,
    )


def _expected_on(judging: _Judging, missed: conditions.Condition) -> date | None:
    """Return the day on which years of service meet a condition, for who is in the post; nothing else is foreseen."""
    if not judging.facts["is_homeroom_teacher"].value:
        return None
    file = judging.reader.file
    for ahead in range(1, MOST_YEARS_AHEAD + 1):
        later = plus_months(file.as_of, MONTHS * ahead)
        years = replace(file, as_of=later).facts(judging.reading)[YEARS]
        judged = judging.judge({**judging.facts, YEARS: years})
        if any(one.id == missed.id and one.truth for one in judged):
            return judging.reading.years_until(later)
    return None


def _values(facts: Mapping[str, FactValue]) -> dict[str, Value]:
    return {name: one.value for name, one in facts.items()}
