"""Ranks that an import may bring: those from before the school filed them on the platform, under numbers of their own."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.filings import FilingRow, FilingRun
from app.db.people import Organization
from app.db.rank_reviews import RankReview
from app.domain import clock
from app.domain.entry_checks import Particulars
from app.domain.filings import number_parts
from app.domain.text import N_
from app.services.registers.sheets.lines import Line, Mistakes
from app.services.texts import full_day

_AT_ONCE = 1000


def refuse_own_filings(
    session: Session, school_id: int, rows: Collection[tuple[Line, Particulars]], mistakes: Mistakes
) -> None:
    """Refuse ranks since the school's first review on the platform, and numbers that filings on it give: only they do."""
    since, first_years = filed_since(session, school_id), _first_years(session)
    taken = _taken(session, [told.number for _line, told in rows if told.number])
    for line, told in rows:
        if since is not None and told.from_on >= since:
            words = N_(
                "本校第一次在平台上开启职级评审是%(day)s，从这一天起生效的职级由备案写入，不能导入：漏报的请发起职级补报，备案有错的请发起职级更正；更早生效的，请核对日期。"
            )
            mistakes.add(line.at("from_on"), words, day=full_day(since))
        if told.number in taken or _is_ours(told.number, first_years):
            words = N_("“%(number)s”是平台备案的编号，不能导入：请填原来文件上的备案号，没有的留空。")
            mistakes.add(line.at("number"), words, number=told.number)


def filed_since(session: Session, school_id: int) -> date | None:
    """Return the day from which a school's ranks are filed on the platform: when its first review was opened there."""
    opened = select(func.min(RankReview.opened_at)).where(RankReview.organization_id == school_id)
    first = session.scalar(opened)
    return clock.shanghai(first).date() if first is not None else None


def _first_years(session: Session) -> Mapping[str, int]:
    """Return since which school year each bureau gives numbers, by its code."""
    query = select(Organization.code, func.min(FilingRun.school_year)).join(FilingRun.organization)
    return {code.upper(): year for code, year in session.execute(query.group_by(Organization.code))}


def _taken(session: Session, numbers: Sequence[str]) -> set[str]:
    """Return which of some numbers a filing gave."""
    found: set[str] = set()
    for first in range(0, len(numbers), _AT_ONCE):
        is_one = FilingRow.filing_number.in_(numbers[first : first + _AT_ONCE])
        query = select(FilingRow.filing_number).where(is_one)
        found |= {number for number in session.scalars(query) if number is not None}
    return found


def _is_ours(number: str, first_years: Mapping[str, int]) -> bool:
    """Tell whether a bureau on the platform gave a number by its form, or is to give it yet."""
    code, year = number_parts(number) or ("", 0)
    return code in first_years and year >= first_years[code]
