"""The checks of a yearly budget: who, when, from which sources, on what (S1 经费 第一、二条, S0 四1)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

from sqlalchemy import func, or_, select

from app.db.money import Studio
from app.db.people import Organization, Position
from app.db.processes import ProcessInstance
from app.db.queries import money
from app.db.queries.money import LineState
from app.domain import clock
from app.domain.money import yuan
from app.domain.text import N_
from app.domain.vocabulary import (
    CATEGORY_TITLES,
    FUNDING_SOURCE_TITLES,
    Affiliation,
    Category,
    FundingSource,
    InstanceStatus,
    Programme,
    Role,
)
from app.services.operations import parameters
from app.services.operations.call import Call
from app.services.operations.findings import Findings

DRAFT = "submit_budget"
OPEN = (InstanceStatus.RUNNING, InstanceStatus.SUSPENDED, InstanceStatus.FAILED)
SOURCES: Mapping[Programme, frozenset[FundingSource]] = {
    Programme.CITY_STUDIO: frozenset({FundingSource.CITY, FundingSource.DISTRICT_MATCH}),
    Programme.SCHOOL_STUDIO: frozenset({FundingSource.SCHOOL_BASIC, FundingSource.SCHOOL_FLOATING}),
}
CITY_GRANTS: Mapping[Affiliation, str] = {
    Affiliation.DIRECT: parameters.CITY_DIRECT,
    Affiliation.DISTRICT: parameters.CITY_DISTRICT,
    Affiliation.PRIVATE: parameters.CITY_PRIVATE,
}


class Part(Protocol):
    """A row of the form: a source or a category, with its amount in fen."""

    @property
    def name(self) -> str:
        """Return the source's or category's id."""

    @property
    def amount(self) -> int:
        """Return the amount in fen."""


@dataclass(frozen=True)
class Facts:
    """What the database says about a studio and its budget of the year; amounts in fen."""

    studio: Studio | None
    affiliation: Affiliation | None = None
    members: int = 0
    hosts: int = 0
    lines: Mapping[str, LineState] = field(default_factory=dict)
    paid: Mapping[str, int] = field(default_factory=dict)


def gather(call: Call, studio_id: int | None, year: int) -> Facts:
    """Read what the checks compare with, and hold the studio so that one budget is checked at a time."""
    studio = call.session.scalar(select(Studio).where(Studio.id == studio_id).with_for_update(key_share=True))
    if studio is None:
        return Facts(None)
    affiliation = call.session.scalar(select(Organization.affiliation).where(Organization.id == studio.organization_id))
    lines = money.lines_of(call.session, studio.id, year)
    return Facts(
        studio=studio,
        affiliation=Affiliation(affiliation) if affiliation else None,
        members=_holders(call, studio.id, Role.STUDIO_MEMBER),
        hosts=_holders(call, studio.id, Role.STUDIO_HOST),
        lines={line.category: line for line in lines},
        paid=money.sources_paid(call.session, lines[0].budget_id) if lines else {},
    )


def check_studio(call: Call, facts: Facts, year: int, findings: Findings) -> None:
    """Demand an active studio of the school, and a year of its term."""
    studio = facts.studio
    if studio is None or studio.organization_id != call.organization_id:
        findings.fault("studio", N_("请选本单位的工作室。"))
    elif call.studio_id not in {None, studio.id}:
        findings.fault("studio", N_("办理中不能换工作室；请撤回后另起一单。"))
    elif studio.ended_on is not None and studio.ended_on <= clock.today():
        findings.fault("studio", N_("工作室已经终止，不能再编制预算。"))
    elif not studio.from_on.year <= year <= studio.until_on.year:
        message = N_("工作室的工作周期是 %(first)d 年至 %(last)d 年，不能编制 %(year)d 年的预算。")
        findings.fault("year", message, first=studio.from_on.year, last=studio.until_on.year, year=year)
    else:
        findings.passed(N_("%(year)d 年在工作室的工作周期内"), year=year)


def check_no_other_case(call: Call, facts: Facts, year: int, findings: Findings) -> None:
    """Demand that no other budget of the studio and year is being decided."""
    if facts.studio is None:
        return
    others: Iterable[Any] = call.session.execute(
        select(ProcessInstance.serial, ProcessInstance.values).where(
            ProcessInstance.process_key == call.process_key,
            ProcessInstance.studio_id == facts.studio.id,
            ProcessInstance.status.in_(OPEN),
            ProcessInstance.id != call.instance_id,
        )
    )
    for serial, values in others:
        if int((values.get(DRAFT) or {}).get("year") or 0) == year:
            findings.fault(
                "year", N_("%(year)d 年已有一份预算在办（%(serial)s），请先办完那一份。"), year=year, serial=serial
            )


def check_grants(facts: Facts, grants: Sequence[Part], findings: Findings) -> None:
    """Demand sources that fit the studio, each once, within its standard and not below what it paid."""
    if facts.studio is None:
        return
    times = Counter(part.name for part in grants)
    allowed = _allowed_sources(facts)
    for place, part in enumerate(grants):
        title = FUNDING_SOURCE_TITLES[FundingSource(part.name)]
        if times[part.name] > 1:
            findings.fault(f"grants.{place}.source", N_("“%(title)s”填了不止一行，请合并成一行。"), title=title)
        elif part.name not in allowed:
            findings.fault(f"grants.{place}.source", N_("这个工作室没有“%(title)s”这个来源。"), title=title)
        else:
            _check_grant(facts, part, f"grants.{place}.amount", findings)
    granted = {part.name: part.amount for part in grants}
    for source in facts.paid.keys() - granted.keys():
        _check_paid(facts, source, 0, "grants", findings)
    if FundingSource.DISTRICT_MATCH in allowed:
        _check_match(granted, findings)


def check_lines(facts: Facts, lines: Sequence[Part], granted: int, findings: Findings) -> None:
    """Demand allowed categories, each once, not above the grants and not below what is spent."""
    times = Counter(part.name for part in lines)
    allowed = findings.rule(parameters.CATEGORIES, default=list(Category))
    for place, part in enumerate(lines):
        title = CATEGORY_TITLES[Category(part.name)]
        if times[part.name] > 1:
            findings.fault(f"lines.{place}.category", N_("“%(title)s”填了不止一行，请合并成一行。"), title=title)
        elif part.name not in allowed:
            message = N_("经费不能用于“%(title)s”。")
            findings.fault(f"lines.{place}.category", message, parameters.CATEGORIES, title=title)
        _check_spent(facts, part.name, part.amount, f"lines.{place}.amount", findings)
    for category in facts.lines.keys() - times.keys():
        _check_spent(facts, category, 0, "lines", findings)
    total = sum(part.amount for part in lines)
    if total > granted:
        message = N_("各类别合计 %(total)s 元，比经费来源合计 %(granted)s 元多 %(over)s 元。")
        numbers = {"total": yuan(total), "granted": yuan(granted), "over": yuan(total - granted)}
        findings.fault("lines", message, parameters.EARMARKED, **numbers)
    else:
        message = N_("各类别合计 %(total)s 元，没有超过经费来源合计 %(granted)s 元")
        findings.passed(message, parameters.EARMARKED, total=yuan(total), granted=yuan(granted))


def _allowed_sources(facts: Facts) -> frozenset[FundingSource]:
    programme = Programme(facts.studio.programme) if facts.studio else Programme.SCHOOL_STUDIO
    has_district = facts.affiliation == Affiliation.DISTRICT
    return frozenset(source for source in SOURCES[programme] if source != FundingSource.DISTRICT_MATCH or has_district)


def _check_grant(facts: Facts, part: Part, path: str, findings: Findings) -> None:
    _check_paid(facts, part.name, part.amount, path, findings)
    ceiling, parameter = _standard(facts, part.name, findings)
    if ceiling is not None and part.amount > ceiling:
        message = N_("“%(title)s”每年最多 %(ceiling)s 元，您填了 %(amount)s 元。")
        title = FUNDING_SOURCE_TITLES[FundingSource(part.name)]
        numbers = {"ceiling": yuan(ceiling), "amount": yuan(part.amount)}
        findings.fault(path, message, parameter, title=title, **numbers)


def _standard(facts: Facts, source: str, findings: Findings) -> tuple[int | None, str | None]:
    """Return the most that a source grants a year in fen, and the rule that says so."""
    if source == FundingSource.CITY:
        parameter = CITY_GRANTS[facts.affiliation or Affiliation.DISTRICT]
        return findings.rule(parameter), parameter
    per_head = findings.rule(parameters.BASIC_PER_HEAD)
    if source != FundingSource.SCHOOL_BASIC or per_head is None:
        return None, None
    counts_host = findings.rule(parameters.INCLUDES_HOST, default=True)
    return per_head * (facts.members + (facts.hosts if counts_host else 0)), parameters.BASIC_PER_HEAD


def _check_match(granted: Mapping[str, int], findings: Findings) -> None:
    """Remind of a district match below the ratio: the district owes it, the studio cannot mend it."""
    ratio = findings.rule(parameters.MATCH_MIN)
    city, match = granted.get(FundingSource.CITY, 0), granted.get(FundingSource.DISTRICT_MATCH, 0)
    if ratio is None:
        return
    least = int(city * Fraction(ratio))
    numbers = {"match": yuan(match), "least": yuan(least)}
    if match < least:
        message = N_("区级配套 %(match)s 元，少于应配的 %(least)s 元，请向区里核实")
        findings.doubt(message, parameters.MATCH_MIN, **numbers)
    else:
        findings.passed(N_("区级配套 %(match)s 元，不少于 %(least)s 元"), parameters.MATCH_MIN, **numbers)


def _check_paid(facts: Facts, source: str, amount: int, path: str, findings: Findings) -> None:
    paid = facts.paid.get(source, 0)
    if amount < paid:
        message = N_("“%(title)s”已经支出 %(paid)s 元，不能改到 %(amount)s 元。")
        title = FUNDING_SOURCE_TITLES[FundingSource(source)]
        findings.fault(path, message, title=title, paid=yuan(paid), amount=yuan(amount))


def _check_spent(facts: Facts, category: str, amount: int, path: str, findings: Findings) -> None:
    line = facts.lines.get(category)
    if line is not None and amount < line.reserved + line.booked:
        message = N_("“%(title)s”已入账 %(booked)s 元、在办占用 %(reserved)s 元，不能改到 %(amount)s 元。")
        numbers = {"booked": yuan(line.booked), "reserved": yuan(line.reserved), "amount": yuan(amount)}
        findings.fault(path, message, title=CATEGORY_TITLES[Category(category)], **numbers)


def _holders(call: Call, studio_id: int, role: Role) -> int:
    today = clock.today()
    count = select(func.count(func.distinct(Position.person_id))).where(
        Position.studio_id == studio_id,
        Position.role == role,
        Position.from_on <= today,
        or_(Position.until_on.is_(None), Position.until_on >= today),
    )
    return call.session.scalar(count) or 0
