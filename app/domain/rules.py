"""Rules with their clauses: what holds for an organisation, and what it may change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from app.domain import rule_locks, rule_texts, rule_values
from app.domain.errors import Invalid, Refused
from app.domain.rule_definitions import Definition, Setter
from app.domain.rule_refusals import explain
from app.domain.vocabulary import Lock, OrganizationKind, Programme

_INNER_QUOTES = str.maketrans("“”", "‘’")


@dataclass(frozen=True)
class Clause:
    """A place in a document, and what it says there; `document` is the short name."""

    document: str
    article: str
    phrase: str
    is_quote: bool = True

    @property
    def citation(self) -> str:
        """Return document and article, as in 《经费管理办法》第四条."""
        return f"《{self.document}》{self.article}"

    def __str__(self) -> str:
        return f"{self.citation} {self.quotation}"

    @property
    def quotation(self) -> str:
        """Return the phrase, in quotation marks if it is the document's own."""
        return f"“{self.phrase.translate(_INNER_QUOTES)}”" if self.is_quote else self.phrase


@dataclass(frozen=True)
class Parameter:
    """A parameter as a rule pack issues it; without a clause the documents say nothing."""

    definition: Definition
    value: Any
    lock: Lock
    clause: Clause | None


@dataclass(frozen=True)
class Pack:
    """A rule pack: parameters of one programme; `documents` gives full titles by short name."""

    key: str
    title: str
    programme: Programme
    level: OrganizationKind
    from_on: date
    documents: Mapping[str, str]
    parameters: Mapping[str, Parameter]


@dataclass(frozen=True)
class Adoption:
    """A pack that an organisation adopted from a date."""

    pack: Pack
    from_on: date


@dataclass(frozen=True)
class Change:
    """A value that an organisation set from a date; `id` orders those of one date."""

    parameter: str
    value: Any
    from_on: date
    reason: str = ""
    changed_by: str = ""
    id: int = 0


@dataclass(frozen=True)
class Level:
    """An organisation with the packs it adopted and the values it set in one programme."""

    organization_id: int
    name: str
    kind: OrganizationKind
    adoptions: Sequence[Adoption] = ()
    changes: Sequence[Change] = ()

    def pack_on(self, on: date) -> Adoption | None:
        """Return the adoption in force on a date."""
        held = (adoption for adoption in self.adoptions if adoption.from_on <= on)
        return max(held, key=lambda adoption: adoption.from_on, default=None)

    def change_on(self, parameter: str, on: date) -> Change | None:
        """Return the value that this level set for a parameter and that is in force on a date."""
        held = (change for change in self.changes if change.parameter == parameter and change.from_on <= on)
        return max(held, key=lambda change: (change.from_on, change.id), default=None)


@dataclass(frozen=True)
class EffectiveRule:
    """A value in force with its provenance: the level that set it, since when, and by what."""

    parameter: Parameter
    value: Any
    issuer: Level = field(repr=False)
    from_on: date
    pack: Pack = field(repr=False)
    change: Change | None = None

    @property
    def key(self) -> str:
        """Return the parameter's key."""
        return self.parameter.definition.key

    @property
    def text(self) -> str:
        """Write the value for people."""
        return rule_texts.describe(self.parameter.definition, self.value)


def effective(levels: Sequence[Level], on: date) -> dict[str, EffectiveRule]:
    """Return what holds for the last of the levels, given from the city down.

    A level's value counts only where what is above allows it: when a level above becomes stricter,
    values set below give way.
    """
    rules: dict[str, EffectiveRule] = {}
    for place, level in enumerate(levels):
        fixed = _fixed_for(level, levels[:place])
        given = _fix(_with_pack(_fix(rules, fixed), level, on), fixed)
        rules = _with_changes(given, level, on)
    return rules


def inherited(levels: Sequence[Level], on: date) -> dict[str, EffectiveRule]:
    """Return what would hold for the last of the levels without the values that it set itself."""
    return effective([*levels[:-1], replace(levels[-1], changes=())], on)


def check_change(rule: EffectiveRule, value: Any, level: Level) -> Any:
    """Return the value in its one form if the level may set it in place of an inherited rule.

    Raises Invalid for a value of a wrong shape, and Refused for one beyond the lock.
    """
    parameter = rule.parameter
    value = rule_values.check_value(parameter.definition, value)
    if not _permits(rule, value):
        raise Refused({"value": [explain(rule, value, level)]}, parameter=rule.key, clause=parameter.clause)
    return value


def _permits(rule: EffectiveRule, value: Any) -> bool:
    return rule_locks.permits(rule.parameter.definition, rule.parameter.lock, rule.value, value)


def _fixed_for(level: Level, above: Sequence[Level]) -> frozenset[Setter]:
    """Return whose parameters are fixed for a level that has others above it."""
    if any(one.kind != OrganizationKind.SCHOOL for one in above):
        return frozenset({Setter.TOP, Setter.TOP_BUREAU})
    return frozenset({Setter.TOP_BUREAU}) if level.kind == OrganizationKind.SCHOOL else frozenset()


def _fix(rules: Mapping[str, EffectiveRule], fixed: frozenset[Setter]) -> dict[str, EffectiveRule]:
    return {key: _fixed(rule) if rule.parameter.definition.setter in fixed else rule for key, rule in rules.items()}


def _fixed(rule: EffectiveRule) -> EffectiveRule:
    return replace(rule, parameter=replace(rule.parameter, lock=Lock.FIXED))


def _with_pack(rules: Mapping[str, EffectiveRule], level: Level, on: date) -> dict[str, EffectiveRule]:
    adoption = level.pack_on(on)
    if adoption is None:
        return dict(rules)
    issued = {
        key: EffectiveRule(parameter, parameter.value, level, adoption.from_on, adoption.pack)
        for key, parameter in adoption.pack.parameters.items()
    }
    return {**issued, **{key: _under(above, issued.get(key)) for key, above in rules.items()}}


def _under(above: EffectiveRule, issued: EffectiveRule | None) -> EffectiveRule:
    # The parameter, its lock and clause stay those of the level above; only the value may differ.
    if issued is None or issued.value == above.value or not _permits(above, issued.value):
        return above
    return replace(issued, parameter=above.parameter)


def _with_changes(rules: Mapping[str, EffectiveRule], level: Level, on: date) -> dict[str, EffectiveRule]:
    return {key: _changed(rule, level, level.change_on(key, on)) for key, rule in rules.items()}


def _changed(rule: EffectiveRule, level: Level, change: Change | None) -> EffectiveRule:
    if change is None:
        return rule
    try:
        value = check_change(rule, change.value, level)
    except Invalid:
        # Beyond a lock that became stricter, or of a shape that the pack in force does not know.
        return rule
    return replace(rule, value=value, issuer=level, from_on=change.from_on, change=change)
