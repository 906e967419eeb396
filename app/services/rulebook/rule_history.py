"""What a rule was in an organisation, from when, and who changed it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.domain import clock, rules
from app.domain.identity import Actor
from app.domain.policy import Action
from app.domain.rule_refusals import issuer_title
from app.domain.vocabulary import Programme
from app.services.accounts.organizations import get_organization
from app.services.rulebook.rules import levels_of


@dataclass(frozen=True)
class PastValue:
    """A value that held, or will hold, from a date; `reason` and `changed_by` are empty where a pack set it."""

    from_on: date
    text: str
    issuer: str
    pack: str
    reason: str
    changed_by: str
    is_to_come: bool


def rule_history(
    session: Session, actor: Actor, organization_id: int, programme: Programme, parameter: str
) -> list[PastValue]:
    """Return the values of a rule as they held in an organisation, the newest first. Raises NotFound."""
    organization = get_organization(session, actor, organization_id, Action.SEE_ORGANIZATION)
    levels = levels_of(session, organization, programme)
    dates = {adoption.from_on for level in levels for adoption in level.adoptions}
    dates |= {change.from_on for level in levels for change in level.changes}
    found: list[PastValue] = []
    last: tuple[object, ...] | None = None
    for on in sorted(dates):
        rule = rules.effective(levels, on).get(parameter)
        seen = (rule.text, rule.change, rule.pack.key) if rule else None
        if rule is not None and seen != last:
            found.append(_past(rule, on, issuer_title(rule, levels[-1])))
        last = seen
    return found[::-1]


def _past(rule: rules.EffectiveRule, on: date, issuer: str) -> PastValue:
    change = rule.change
    return PastValue(
        from_on=on,
        text=rule.text,
        issuer=issuer,
        pack=rule.pack.title,
        reason=change.reason if change else "",
        changed_by=change.changed_by if change else "",
        is_to_come=on > clock.today(),
    )
