"""The rules page: every rule of an organisation, where it comes from, what is to come."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from app.db.people import Organization
from app.domain import clock, rules
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.domain.policy import Action, Place, allows, require
from app.domain.rule_definitions import ValueType
from app.domain.rule_refusals import issuer_title
from app.domain.rules import EffectiveRule, Level
from app.domain.vocabulary import LOCK_TITLES, Lock, Programme
from app.services.rulebook.rules import levels_of


class Filter(StrEnum):
    """What of the list is shown."""

    ALL = "all"
    CHANGEABLE = "changeable"
    OWN = "own"
    PENDING = "pending"


@dataclass(frozen=True)
class Pending:
    """A value that will be in force from a later date."""

    rule: EffectiveRule
    from_on: date


@dataclass(frozen=True)
class Row:
    """A rule as an organisation sees it; `is_own` where the organisation issued the value itself."""

    programme: Programme
    rule: EffectiveRule
    issuer: str
    is_own: bool
    pending: tuple[Pending, ...]

    @property
    def lock_title(self) -> str:
        """Say how far the organisation may change the rule."""
        return LOCK_TITLES[self.rule.parameter.lock]

    @property
    def is_changeable(self) -> bool:
        """Tell whether the lock leaves anything to change."""
        return self.rule.parameter.lock != Lock.FIXED

    @property
    def is_typed(self) -> bool:
        """Tell whether one field of a form is enough to type the value."""
        return self.rule.parameter.definition.type not in {ValueType.ROWS, ValueType.CEILINGS}


@dataclass(frozen=True)
class Listing:
    """The rules that a filter and a search leave, in groups, how many each filter has, and since when all hold."""

    groups: Mapping[str, Sequence[Row]]
    counts: Mapping[Filter, int]
    can_change: bool
    since: date | None


_SHOWS: Mapping[Filter, Callable[[Row], bool]] = {
    Filter.ALL: bool,
    Filter.CHANGEABLE: lambda row: row.is_changeable,
    Filter.OWN: lambda row: row.is_own,
    Filter.PENDING: lambda row: bool(row.pending),
}


def rule_listing(
    session: Session,
    actor: Actor,
    organization_id: int,
    programme: Programme | None = None,
    show: Filter = Filter.ALL,
    search: str = "",
) -> Listing:
    """List the rules in force today; raises NotFound where the person may not see the organisation."""
    organization = session.get(Organization, organization_id)
    if organization is None:
        raise NotFound
    place = Place(organization.id, organization.path)
    require(actor, Action.SEE_ORGANIZATION, place)
    programmes = [programme] if programme else list(Programme)
    rows = [row for each in programmes for row in _rows(session, organization, each)]
    found = [row for row in rows if _SHOWS[show](row) and _matches(row, search.strip())]
    counts = {each: sum(map(_SHOWS[each], rows)) for each in Filter}
    since = max((row.rule.from_on for row in rows), default=None)
    return Listing(_grouped(found), counts, allows(actor, Action.CHANGE_RULES, place), since)


def rule_row(session: Session, actor: Actor, organization_id: int, programme: Programme, parameter: str) -> Row:
    """Return one rule of an organisation; raises NotFound."""
    listing = rule_listing(session, actor, organization_id, programme)
    for row in (row for group in listing.groups.values() for row in group):
        if row.rule.key == parameter:
            return row
    raise NotFound


def _rows(session: Session, organization: Organization, programme: Programme) -> list[Row]:
    levels, today = levels_of(session, organization, programme), clock.today()
    pending = _pending(levels, today)
    return [
        Row(
            programme,
            rule,
            issuer_title(rule, levels[-1]),
            rule.issuer.organization_id == organization.id,
            tuple(item for item in pending if item.rule.key == rule.key),
        )
        for rule in rules.effective(levels, today).values()
    ]


def _pending(levels: Sequence[Level], today: date) -> list[Pending]:
    found: list[Pending] = []
    before = rules.effective(levels, today)
    for on in sorted({on for on in _dates(levels) if on > today}):
        after = rules.effective(levels, on)
        found += [
            Pending(rule, on) for key, rule in after.items() if key not in before or before[key].value != rule.value
        ]
        before = after
    return found


def _dates(levels: Iterable[Level]) -> Iterable[date]:
    for level in levels:
        yield from (adoption.from_on for adoption in level.adoptions)
        yield from (change.from_on for change in level.changes)


def _matches(row: Row, search: str) -> bool:
    parameter = row.rule.parameter
    texts = (parameter.definition.title, row.rule.key, row.rule.text, str(parameter.clause or ""))
    return any(search.lower() in text.lower() for text in texts)


def _grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.rule.parameter.definition.group, []).append(row)
    return groups
