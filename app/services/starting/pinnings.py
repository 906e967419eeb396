"""The rules that a case is pinned to when it starts, and what its start form may change of them for the case alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from app.db.money import LedgerEntry, Studio
from app.db.people import Organization
from app.db.processes import ProcessVersion
from app.db.rounds import Round
from app.domain import clock, rules
from app.domain.errors import Invalid, Refused
from app.domain.rules import EffectiveRule
from app.domain.text import N_
from app.domain.vocabulary import STUDIO_PROGRAMMES, STUDIOS, Programme
from app.engine.forms import Form
from app.engine.package import Manifest
from app.services.publishing import definitions
from app.services.rulebook.rules import effective_rules, levels_of, pinned, pinned_rules

Pinned = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Subject:
    """What a start form names by whose rules the case goes: a studio, or a round of the school or of those above it."""

    studio: Studio | None = None
    round: Round | None = None

    @property
    def studio_id(self) -> int | None:
        """Return the studio that the case is of."""
        return self.studio.id if self.studio else None


NOTHING = Subject()


def pinned_for(
    session: Session, version: ProcessVersion, organization: Organization, subject: Subject = NOTHING
) -> Pinned:
    """Return the rules that the process names: those of its round, or in force of its programme or its studio's.

    A case keeps them to its end.
    """
    manifest = definitions.part_of(version).package.manifest
    if subject.round is not None:
        return of_groups(subject.round.instance.rules, manifest.rules)
    programme = _programme_of(manifest, organization, subject.studio)
    if programme is None:
        return {}
    in_force = pinned_rules(session, organization.id, programme, clock.today())
    return of_groups(in_force, manifest.rules)


def of_groups(in_force: Mapping[str, Any], groups: tuple[str, ...]) -> Pinned:
    """Return the rules of the groups that a process names."""
    return {key: rule for key, rule in in_force.items() if key.split(".", 1)[0] in groups}


def offered(form: Form | None, held: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the fields of a start form that name a rule begin with, by key."""
    found = {key: held.get(field.rule) for key, field in form.fields.items()} if form else {}
    return {key: rule["value"] for key, rule in found.items() if rule is not None and rule["value"] is not None}


def settled(
    session: Session,
    version: ProcessVersion,
    organization: Organization,
    values: dict[str, Any],
    held: Pinned,
) -> Pinned:
    """Return the rules of a case with what its start form says in their place, as far as their locks allow.

    A field that is left empty takes the rule's value. Raises Invalid and Refused by field.
    """
    part = definitions.part_of(version)
    form = part.form_of(part.model.start.id)
    named = {key: field.rule for key, field in form.fields.items() if field.rule in held} if form else {}
    programme = _programme_of(part.package.manifest, organization, None)
    if not named or programme is None:
        return held
    in_force = effective_rules(session, organization.id, programme, clock.today())
    own = levels_of(session, organization, programme)[-1]
    changed = {}
    for key, parameter in named.items():
        rule = in_force[parameter]
        if values.get(key) not in (None, []):
            rule = _changed(rule, key, values[key], own)
            changed[parameter] = pinned(rule)
        values[key] = rule.value
    return {**held, **changed}


def _changed(rule: EffectiveRule, key: str, value: Any, own: rules.Level) -> EffectiveRule:
    try:
        given = rules.check_change(rule, value, own)
    except Refused as error:
        raise Refused(_at(error, key), parameter=error.parameter, clause=error.clause) from error
    except Invalid as error:
        raise Invalid(_at(error, key)) from error
    return rule if given == rule.value else replace(rule, value=given, issuer=own)


def _at(error: Invalid, key: str) -> dict[str, Any]:
    """Return what is wrong with a rule's value by the field's own paths."""
    return {f"{key}{path.removeprefix('value')}": said for path, said in error.errors.items()}


def _programme_of(manifest: Manifest, organization: Organization, studio: Studio | None) -> Programme | None:
    if manifest.programme == STUDIOS:
        return STUDIO_PROGRAMMES[organization.kind]
    if manifest.programme is not None:
        return Programme(manifest.programme)
    return studio.programme if studio else None


def subject_of(session: Session, values: Mapping[str, Any], organization: Organization) -> Subject:
    """Return what a start form names. Raises Invalid for another organisation's studio."""
    round_id = values.get("round")
    found = session.get(Round, round_id) if isinstance(round_id, int) else None
    return Subject(_studio_of(session, values, organization), found)


def _studio_of(session: Session, values: Mapping[str, Any], organization: Organization) -> Studio | None:
    studio_id = _studio_id(session, values)
    if studio_id is None:
        return None
    studio = session.get(Studio, studio_id)
    if studio is None or studio.organization_id != organization.id:
        raise Invalid.field("studio", N_("请选本单位的工作室。"))
    return studio


def _studio_id(session: Session, values: Mapping[str, Any]) -> int | None:
    """Return the studio that a start form names, or whose booked expense it names."""
    if "booking" not in values:
        return values.get("studio")
    entry = session.get(LedgerEntry, values["booking"])
    return entry.studio_id if entry else None
