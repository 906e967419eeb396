"""Rules of an organisation: adopt a pack, change a value, read what is in force."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Organization, Person
from app.db.queries.bulk_locks import LockedOrganization
from app.db.rules import RulePackAdoption, RuleValue
from app.domain import clock, rules
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.identity import Actor
from app.domain.policy import Action, Place, require
from app.domain.rule_definitions import ValueType
from app.domain.rule_refusals import LEVEL_TITLES
from app.domain.rules import Adoption, Change, EffectiveRule, Level
from app.domain.text import N_, Sentence
from app.domain.vocabulary import PROGRAMME_TITLES, Programme
from app.services import journal
from app.services.rulebook.rule_packs import find_pack, load_packs
from app.services.transactions import memo, writing

LONGEST_REASON = 500


def adopt_pack(
    session: Session, actor: Actor, organization_id: int, programme: str, pack: str, from_on: date
) -> RulePackAdoption:
    """Let a pack hold for an organisation and all below it, from a date.

    The first pack of a programme may hold from a date in the past. Raises NotFound, Forbidden,
    Invalid and Conflict.
    """
    with writing(session):
        organization = _own(session, actor, organization_id)
        kind = programme_of(programme)
        if find_pack(pack).programme != kind:
            raise Invalid.field("pack", N_("这个规则包不用于“%(programme)s”。"), programme=PROGRAMME_TITLES[kind])
        _check_adoption(session, organization, kind, from_on)
        adoption = RulePackAdoption(
            organization_id=organization.id, programme=kind, pack=pack, from_on=from_on, adopted_by_id=actor.person_id
        )
        session.add(adoption)
        memo(session).clear()
        details = {"programme": kind, "pack": pack, "from_on": from_on.isoformat()}
        journal.record_organization(session, organization.id, actor, "adopt_pack", details)
    return adoption


def change_rule(  # noqa: PLR0913 - what the form asks for
    session: Session,
    actor: Actor,
    organization_id: int,
    programme: str,
    parameter: str,
    value: Any,
    *,
    from_on: date,
    reason: str,
) -> EffectiveRule:
    """Set a value of the person's own organisation from today or a later date, within the lock.

    Raises NotFound, Forbidden, Invalid, and Refused with the clause for a value beyond the lock.
    """
    kind = programme_of(programme)
    with writing(session):
        organization = _own(session, actor, organization_id)
        _check_change(from_on, reason)
        levels = levels_of(session, organization, kind)
        rule = rules.inherited(levels, from_on).get(parameter)
        if rule is None:
            raise NotFound(N_("“%(programme)s”没有这条规则。"), programme=PROGRAMME_TITLES[kind])
        change = Change(parameter, rules.check_change(rule, value, levels[-1]), from_on, reason.strip())
        _keep(session, actor, organization, kind, change)
        return rules.effective(levels_of(session, organization, kind), from_on)[parameter]


def change_rule_everywhere(
    session: Session, actor: Actor, organization_id: int, parameter: str, value: Any, *, from_on: date, reason: str
) -> list[EffectiveRule]:
    """Set a value in every programme that has the parameter, or in none; raises as `change_rule` does."""
    with writing(session):
        organization = _own(session, actor, organization_id)
        held = [each for each in Programme if parameter in effective_rules(session, organization.id, each, from_on)]
        if not held:
            raise NotFound(N_("没有“%(parameter)s”这条规则。"), parameter=parameter)
        return [
            change_rule(session, actor, organization.id, each, parameter, value, from_on=from_on, reason=reason)
            for each in held
        ]


def effective_rules(
    session: Session, organization_id: int, programme: str, on: date | None = None
) -> Mapping[str, EffectiveRule]:
    """Return the rules in force in an organisation on a date, today by default, by key; read once in a step."""
    day = on or clock.today()
    kept, key = memo(session), ("rules", organization_id, programme, day)
    if key not in kept:
        organization = session.get(Organization, organization_id)
        if organization is None:
            raise NotFound
        kept[key] = rules.effective(levels_of(session, organization, programme_of(programme)), day)
    found: Mapping[str, EffectiveRule] = kept[key]
    return found


def pinned_rules(session: Session, organization_id: int, programme: str, on: date) -> dict[str, dict[str, Any]]:
    """Return the rules in force in JSON, for a case that starts."""
    found = effective_rules(session, organization_id, programme, on)
    return {key: pinned(rule) for key, rule in found.items()}


def pinned(rule: EffectiveRule) -> dict[str, Any]:
    """Return a rule in JSON; `unit` is fen for money."""
    definition, clause = rule.parameter.definition, rule.parameter.clause
    return {
        "value": rule.value,
        "text": rule.text,
        "unit": "fen" if definition.type in {ValueType.MONEY, ValueType.CEILINGS} else definition.unit,
        "title": definition.title,
        "clause": asdict(clause) if clause else None,
        "issuer": LEVEL_TITLES[rule.issuer.kind],
        "lock": rule.parameter.lock.value,
    }


def pinned_rules_of_many(
    session: Session, organizations: Sequence[Organization | LockedOrganization], programme: str, on: date
) -> dict[int, dict[str, dict[str, Any]]]:
    """Return the rules in force in JSON for many organisations by id, worked out once where the same levels say something."""
    found: dict[tuple[object, ...], dict[str, dict[str, Any]]] = {}
    answer = {}
    for organization_id, levels in _levels_of_many(session, organizations, programme_of(programme)).items():
        said = [level.organization_id for level in levels if level.adoptions or level.changes]
        # What is fixed depends on the kinds of the levels.
        telling = (*said, *(level.kind for level in levels))
        if telling not in found:
            found[telling] = {key: pinned(rule) for key, rule in rules.effective(levels, on).items()}
        answer[organization_id] = found[telling]
    return answer


def levels_of(session: Session, organization: Organization, programme: Programme) -> list[Level]:
    """Return an organisation and those above it, from the city down, with their packs and values."""
    return _levels_of_many(session, [organization], programme)[organization.id]


def _levels_of_many(
    session: Session, organizations: Sequence[Organization | LockedOrganization], programme: Programme
) -> dict[int, list[Level]]:
    paths = {one.id: [int(part) for part in one.path.strip("/").split("/")] for one in organizations}
    ids = sorted({id_ for path in paths.values() for id_ in path})
    rows = {row.id: row for row in session.scalars(select(Organization).where(Organization.id.in_(ids)))}
    adoptions, changes = _adoptions(session, ids, programme), _changes(session, ids, programme)
    levels = {id_: Level(id_, rows[id_].name, rows[id_].kind, adoptions[id_], changes[id_]) for id_ in ids}
    return {one: [levels[id_] for id_ in path] for one, path in paths.items()}


def programme_of(text: str) -> Programme:
    """Read a programme; raises Invalid."""
    try:
        return Programme(text)
    except ValueError:
        raise Invalid.field("programme", N_("没有“%(text)s”这类规则。"), text=text) from None


def _own(session: Session, actor: Actor, organization_id: int) -> Organization:
    organization = session.get(Organization, organization_id)
    if organization is None:
        raise NotFound
    require(actor, Action.CHANGE_RULES, Place(organization.id, organization.path))
    return organization


def _check_adoption(session: Session, organization: Organization, programme: Programme, from_on: date) -> None:
    earlier = _adoptions(session, [organization.id], programme)[organization.id]
    if any(adoption.from_on == from_on for adoption in earlier):
        raise Conflict(N_("从这一天起已经采用了一个规则包，请换一个日期。"))
    if earlier and from_on < clock.today():
        raise Invalid.field("from", N_("已经有规则包在用，换用的日期不能早于今天。"))


def _check_change(from_on: date, reason: str) -> None:
    errors: dict[str, list[Sentence]] = {}
    if from_on < clock.today():
        errors |= Invalid.field("from", N_("生效日期不能早于今天。在办的事仍用发起时的值。")).errors
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        errors |= Invalid.field("reason", N_("请写明为什么改，不超过 %(count)d 字。"), count=LONGEST_REASON).errors
    if errors:
        raise Invalid(errors)


def _keep(session: Session, actor: Actor, organization: Organization, programme: Programme, change: Change) -> None:
    row = RuleValue(
        organization_id=organization.id,
        programme=programme,
        parameter=change.parameter,
        value=change.value,
        from_on=change.from_on,
        reason=change.reason,
        changed_by_id=actor.person_id,
    )
    session.add(row)
    memo(session).clear()
    details = {"programme": programme, "parameter": change.parameter, "value": change.value}
    details |= {"from_on": change.from_on.isoformat(), "reason": change.reason}
    journal.record_organization(session, organization.id, actor, "change_rule", details)


def _adoptions(session: Session, ids: Sequence[int], programme: Programme) -> Mapping[int, list[Adoption]]:
    query = select(RulePackAdoption).where(
        RulePackAdoption.organization_id.in_(ids), RulePackAdoption.programme == programme
    )
    found: dict[int, list[Adoption]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.organization_id].append(Adoption(load_packs()[row.pack], row.from_on))
    return found


def _changes(session: Session, ids: Sequence[int], programme: Programme) -> Mapping[int, list[Change]]:
    query = (
        select(RuleValue, Person.name)
        .join(Person, Person.id == RuleValue.changed_by_id)
        .where(RuleValue.organization_id.in_(ids), RuleValue.programme == programme)
    )
    found: dict[int, list[Change]] = defaultdict(list)
    for row, name in session.execute(query):
        change = Change(row.parameter, row.value, row.from_on, row.reason, name, row.id)
        found[row.organization_id].append(change)
    return found
