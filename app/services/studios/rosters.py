"""A studio's people against the roster rules: what the rules refuse, and what they only warn of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Position
from app.domain.errors import Refused
from app.domain.rules import Clause, EffectiveRule
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import Programme, Role
from app.services.accounts.positions import not_ended
from app.services.rulebook.rules import effective_rules


@dataclass(frozen=True)
class Roster:
    """Who is meant to belong to a studio, by person id."""

    host_id: int
    member_ids: tuple[int, ...]
    mentor_id: int | None = None


@dataclass(frozen=True)
class Finding:
    """A rule that a roster does not keep; `field` is where the form shows it."""

    field: str
    words: Sentence
    parameter: str
    clause: Clause | None
    is_hard: bool


def check_roster(session: Session, organization_id: int, programme: Programme, roster: Roster) -> list[Finding]:
    """Return the soft findings; raises Refused for the first hard one."""
    rules = effective_rules(session, organization_id, programme)
    found = [*_numbers(rules, roster), *_mentor(rules, roster), *_same_school(session, organization_id, rules, roster)]
    hard = next((finding for finding in found if finding.is_hard), None)
    if hard is not None:
        raise Refused({hard.field: [hard.words]}, parameter=hard.parameter, clause=hard.clause)
    return found


def _numbers(rules: Mapping[str, EffectiveRule], roster: Roster) -> Sequence[Finding]:
    soft = rules.get("roster.soft")
    is_hard = soft is not None and not soft.value
    count = len(roster.member_ids)
    least, most = rules.get("roster.min"), rules.get("roster.max")
    if least is not None and least.value is not None and count < least.value:
        words = sentence(N_("成员至少 %(least)d 人，现在 %(count)d 人。"), least=least.value, count=count)
        return [_finding("members", words, "roster.min", least, is_hard=is_hard)]
    if most is not None and most.value is not None and count > most.value:
        words = sentence(N_("成员最多 %(most)d 人，现在 %(count)d 人。"), most=most.value, count=count)
        return [_finding("members", words, "roster.max", most, is_hard=is_hard)]
    return []


def _mentor(rules: Mapping[str, EffectiveRule], roster: Roster) -> Sequence[Finding]:
    rule = rules.get("roster.mentor_required")
    if rule is None or not rule.value or roster.mentor_id is not None:
        return []
    # 原则上: the document names a mentor in principle, so a studio without one is only warned of.
    return [_finding("mentor", sentence(N_("还没有导师。")), "roster.mentor_required", rule, is_hard=False)]


def _same_school(
    session: Session, organization_id: int, rules: Mapping[str, EffectiveRule], roster: Roster
) -> Sequence[Finding]:
    rule = rules.get("roster.max_same_school")
    if rule is None or rule.value is None:
        return []
    query = select(Position.person_id).where(
        Position.organization_id == organization_id,
        Position.role == Role.HOMEROOM_TEACHER,
        Position.person_id.in_(roster.member_ids),
        not_ended(),
    )
    count = len(set(session.scalars(query)))
    if count <= rule.value:
        return []
    words = sentence(N_("成员里本校班主任最多 %(most)d 人，现在 %(count)d 人。"), most=rule.value, count=count)
    return [_finding("members", words, "roster.max_same_school", rule, is_hard=True)]


def _finding(field: str, words: Sentence, parameter: str, rule: EffectiveRule, *, is_hard: bool) -> Finding:
    return Finding(field, words, parameter, rule.parameter.clause, is_hard)
