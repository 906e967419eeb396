"""Reading facts out of the entries of a person's file, by the rules in force, as of a day."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.domain.dossiers import EntryKind, Level
from app.domain.facts import FACTS, ORDER, FactState, FactValue, Value, order_of
from app.domain.service_years import MONTHS, Period, Run, TenureRules, day_before, plus_months, tenure_rules, years_of

FULL, ASSISTANT, HOMEROOM = "full", "assistant", "homeroom"
_HONOUR_KINDS = frozenset({"excellent_teacher", "moral_education", "homeroom"})
_LEVELS = list(Level)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class FactRules:
    """The rules by which a file is read; the defaults hold where no pack sets them."""

    tenure: TenureRules = field(default_factory=TenureRules)
    # The kinds of honours that count for a rank.
    honour_kinds: frozenset[str] = _HONOUR_KINDS
    sanction_level: Level = Level.SCHOOL
    # For how long a sanction bars from the post; None: it does not.
    bar_years: int | None = None
    # Up to which month and day years count, such as 08-31; None: up to the day asked for.
    years_as_of: str | None = None

    def years_until(self, as_of: date) -> date:
        """Return the day up to which years of service count."""
        return day_before(self.years_as_of, as_of) if self.years_as_of else as_of


def fact_rules(values: Mapping[str, Any]) -> FactRules:
    """Read the rules from values by parameter; one without a value keeps its default."""
    return FactRules(
        tenure_rules(values),
        frozenset(values.get("rank.honour_kinds") or _HONOUR_KINDS),
        Level(values.get("sanction.level") or Level.SCHOOL),
        values.get("sanction.bar_years"),
        values.get("rank.years_as_of"),
    )


@dataclass(frozen=True)
class Told:
    """What a live entry tells."""

    id: int
    kind: EntryKind
    from_on: date
    until_on: date | None = None
    category: str | None = None
    level: Level | None = None
    class_name: str = ""
    hours: int | None = None
    title: str = ""
    issuer: str = ""
    number: str = ""


@dataclass(frozen=True)
class Proof:
    """A value and the entries that prove it."""

    value: Value
    entries: Sequence[Told] = field(default=())


Proofs = dict[str, Proof]


@dataclass(frozen=True)
class Part:
    """The entries of one kind, the earliest first, and by what they are read."""

    entries: Sequence[Told]
    rules: FactRules
    as_of: date


def read_entries(entries: Iterable[Told], rules: FactRules, as_of: date) -> dict[str, FactValue]:
    """Return the facts that live entries prove as of a day; what none of them proves is absent."""
    by_kind: dict[EntryKind, list[Told]] = defaultdict(list)
    for entry in sorted(entries, key=lambda one: (one.from_on, one.id)):
        if entry.from_on <= as_of:
            by_kind[entry.kind].append(entry)
    found = {name: FactValue() for name, fact in FACTS.items() if isinstance(fact.source, EntryKind)}
    for kind, read in _READERS.items():
        # Whom the register does not name is not sanctioned; all else has to be proven.
        if by_kind[kind] or kind is EntryKind.SANCTION:
            found |= {name: _proven(proof) for name, proof in read(Part(by_kind[kind], rules, as_of)).items()}
    return found


def _proven(proof: Proof) -> FactValue:
    state = FactState.ABSENT if proof.value is None else FactState.PROVEN
    return FactValue(proof.value, tuple(entry.id for entry in proof.entries), state)


def _employment(part: Part) -> Proofs:
    last = part.entries[-1]
    found = {
        "working_from_on": Proof(last.from_on.isoformat(), [last]),
        "working_years": Proof(Run(last.from_on, part.as_of).length[0] // MONTHS, [last]),
    }
    if last.until_on is not None:
        rest = 0 if last.until_on <= part.as_of else Run(part.as_of + _DAY, last.until_on).length[0]
        found["retires_on"] = Proof(last.until_on.isoformat(), [last])
        found["years_to_retirement"] = Proof(rest // MONTHS, [last])
    return found


def _title(part: Part) -> Proofs:
    return _latest("professional_title", part.entries)


def _rank(part: Part) -> Proofs:
    return _latest("rank", part.entries)


def _latest(name: str, entries: Sequence[Told]) -> Proofs:
    last = entries[-1]
    return {
        **_choice(name, last.category or "", [last]),
        f"{name}_from_on": Proof(last.from_on.isoformat(), [last]),
    }


def _service(part: Part) -> Proofs:
    periods = [Period(one.from_on, one.until_on, one.category == ASSISTANT) for one in part.entries]
    years = years_of(periods, part.rules.tenure, part.rules.years_until(part.as_of))
    found = {"homeroom_years": Proof(years, part.entries)}
    full = [one for one in part.entries if one.category == FULL]
    if full:
        found["homeroom_from_on"] = Proof(full[0].from_on.isoformat(), full[:1])
    present = [one for one in full if one.until_on is None or one.until_on >= part.as_of]
    if present:
        found["current_class"] = Proof(present[-1].class_name, present[-1:])
    return found


def _honours(part: Part) -> Proofs:
    return {
        **_highest("rank_honour_level", [one for one in part.entries if one.category in part.rules.honour_kinds]),
        **_highest("homeroom_honour_level", [one for one in part.entries if one.category == HOMEROOM]),
        "honour_count": Proof(len(part.entries), part.entries),
    }


def _class_honours(part: Part) -> Proofs:
    return _highest("class_honour_level", part.entries)


def _publications(part: Part) -> Proofs:
    return {**_highest("publication_level", part.entries), "publication_count": Proof(len(part.entries), part.entries)}


def _projects(part: Part) -> Proofs:
    return {**_highest("project_level", part.entries), "project_count": Proof(len(part.entries), part.entries)}


def _training(part: Part) -> Proofs:
    tiers = {one.category or "" for one in part.entries}
    by_tier = {f"training_hours_{tier}": [one for one in part.entries if one.category == tier] for tier in tiers}
    hours = {
        name: Proof(sum(one.hours or 0 for one in of), of)
        for name, of in {"training_hours": part.entries, **by_tier}.items()
    }
    # Whoever got a certificate can tell its number.
    return {**hours, **_highest("training_certificate_level", [one for one in part.entries if one.number])}


def _sanctions(part: Part) -> Proofs:
    if part.rules.bar_years is None:
        return {"is_barred": Proof(value=False)}
    least = _LEVELS.index(part.rules.sanction_level)
    counted = [one for one in part.entries if one.level is not None and _LEVELS.index(one.level) >= least]
    if not counted:
        return {"is_barred": Proof(value=False)}
    until = plus_months(counted[-1].from_on, MONTHS * part.rules.bar_years) - _DAY
    found = {"is_barred": Proof(until >= part.as_of, counted[-1:])}
    return {**found, "barred_until": Proof(until.isoformat(), counted[-1:])} if until >= part.as_of else found


def _highest(name: str, entries: Sequence[Told]) -> Proofs:
    """Return the highest level, proven by the entries of that level."""
    levels = [one.level for one in entries if one.level is not None]
    if not levels:
        return {}
    best = max(levels, key=_LEVELS.index)
    return _choice(name, best, [one for one in entries if one.level == best])


def _choice(name: str, value: str, entries: Sequence[Told]) -> Proofs:
    return {name: Proof(str(value), entries), f"{name}{ORDER}": Proof(order_of(FACTS[name], value), entries)}


_READERS: Mapping[EntryKind, Callable[[Part], Proofs]] = {
    EntryKind.EMPLOYMENT: _employment,
    EntryKind.TITLE: _title,
    EntryKind.SERVICE: _service,
    EntryKind.HONOUR: _honours,
    EntryKind.CLASS_HONOUR: _class_honours,
    EntryKind.PUBLICATION: _publications,
    EntryKind.PROJECT: _projects,
    EntryKind.TRAINING: _training,
    EntryKind.RANK: _rank,
    EntryKind.SANCTION: _sanctions,
}
