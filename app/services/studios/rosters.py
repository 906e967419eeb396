"""A studio's people against the roster rules: what the rules refuse, and what they only warn of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Position
from app.domain.errors import Refused
from app.domain.rules import Clause
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import Programme, Role
from app.services.accounts.terms import not_ended
from app.services.rulebook.rules import effective_rules


@dataclass(frozen=True)
class Roster:
    """Who is meant to belong to a studio, by person id."""

    host_id: int
    member_ids: tuple[int, ...]
    mentor_id: int | None = None


@dataclass(frozen=True)
class Finding:
    """A rule that a roster does not keep; `field` is where the form shows it, `excess` how far it is from keeping it."""

    field: str
    words: Sentence
    parameter: str
    excess: int = 1
    is_hard: bool = False
    clause: Clause | None = None


def check_roster(session: Session, organization_id: int, programme: Programme, roster: Roster) -> list[Finding]:
    """Return the soft findings; raises Refused for the first hard one."""
    rules = effective_rules(session, organization_id, programme)
    values = {key: rule.value for key, rule in rules.items()}
    found = [
        replace(finding, clause=rules[finding.parameter].parameter.clause)
        for finding in find(session, organization_id, values, roster)
    ]
    hard = next((finding for finding in found if finding.is_hard), None)
    if hard is not None:
        raise Refused({hard.field: [hard.words]}, parameter=hard.parameter, clause=hard.clause)
    return found


def find(session: Session, organization_id: int, values: Mapping[str, Any], roster: Roster) -> list[Finding]:
    """Return what a roster does not keep of the rules, given their values by parameter."""
    return [
        *_numbers(values, roster),
        *_mentor(values, roster),
        *_same_school(session, organization_id, values, roster),
    ]


def _numbers(values: Mapping[str, Any], roster: Roster) -> Sequence[Finding]:
    is_hard = values.get("roster.soft") is False
    count = len(roster.member_ids)
    least, most = values.get("roster.min"), values.get("roster.max")
    if least is not None and count < least:
        words = sentence(N_("成员至少 %(least)d 人，现在 %(count)d 人。"), least=least, count=count)
        return [Finding("members", words, "roster.min", least - count, is_hard)]
    if most is not None and count > most:
        words = sentence(N_("成员最多 %(most)d 人，现在 %(count)d 人。"), most=most, count=count)
        return [Finding("members", words, "roster.max", count - most, is_hard)]
    return []


def _mentor(values: Mapping[str, Any], roster: Roster) -> Sequence[Finding]:
    if not values.get("roster.mentor_required") or roster.mentor_id is not None:
        return []
    # 原则上: the document names a mentor in principle, so a studio without one is only warned of.
    return [Finding("mentor", sentence(N_("还没有导师。")), "roster.mentor_required")]


def _same_school(
    session: Session, organization_id: int, values: Mapping[str, Any], roster: Roster
) -> Sequence[Finding]:
    most = values.get("roster.max_same_school")
    if most is None:
        return []
    query = select(Position.person_id).where(
        Position.organization_id == organization_id,
        Position.role == Role.HOMEROOM_TEACHER,
        Position.person_id.in_(roster.member_ids),
        not_ended(),
    )
    count = len(set(session.scalars(query)))
    if count <= most:
        return []
    words = sentence(N_("成员里本校班主任最多 %(most)d 人，现在 %(count)d 人。"), most=most, count=count)
    return [Finding("members", words, "roster.max_same_school", count - most, is_hard=True)]
