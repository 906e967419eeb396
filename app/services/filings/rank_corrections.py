"""Corrections 更正 of ranks that were filed: named by the school that filed them, and filed again as they should be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.db.filings import FilingBatch, FilingRow
from app.db.rank_reviews import RankApplication, RankReview
from app.db.registers import IS_LIVE, DossierEntry
from app.domain import canonical, clock
from app.domain.dossiers import EntryKind, EntrySource, Rank
from app.domain.entry_checks import EARLIEST
from app.domain.errors import Invalid
from app.domain.filings import SETTLED, BatchKind, BatchStatus, FilingLevel, Remedy, RowStatus
from app.domain.ranks import PENDING, RankApplicationKind, RankApplicationResult
from app.domain.school_years import school_year_of
from app.domain.text import N_, Sentence, sentence
from app.services.filings import batches, correction_news

PROCESS = "rank_correction"
Given = Sequence[Mapping[str, Any]]
NOT_OPEN = N_("这一条不能更正：不是本校备案、现在有效的职级，或者正在更正。")
ONE_EACH = N_("一位老师一次更正一条，另一条请办完以后再报。")
APPLYING = N_("%(name)s正在申报职级，申报用的是现在的职级：请先等申报有了结果，或者请本人撤回，再报更正。")
AS_IT_IS = N_("请写正确的职级或者生效日期，和台账一样的不用更正。")
UNPROVEN = N_("改成更高的职级，要附上证明：评审组表决、学校认定的材料，或者原来的批文。")
TOO_EARLY = N_("生效日期不能早于 1950 年。")
TOO_LATE = N_("生效日期不能晚于今天。")


@dataclass(frozen=True)
class Correction:
    """A filed rank as it should read, or one that never should have been filed."""

    entry: DossierEntry
    rank: Rank
    from_on: date
    is_void: bool
    told: Mapping[str, Any]

    @property
    def line(self) -> str:
        """Return whose rank becomes what."""
        becomes = correction_news.change(self.entry, self.rank, self.from_on, is_void=self.is_void)
        return f"{self.entry.person.name}：{becomes}"


def open_entries(session: Session, organization_id: int) -> Sequence[DossierEntry]:
    """Return the ranks that a school filed and may correct: in force, and under no correction. Its teachers may have left."""
    corrected = select(FilingRow.id).where(FilingRow.corrects_id == DossierEntry.id, FilingRow.status.not_in(SETTLED))
    query = (
        select(DossierEntry)
        .options(joinedload(DossierEntry.person))
        .where(
            DossierEntry.organization_id == organization_id,
            DossierEntry.kind == EntryKind.RANK,
            DossierEntry.source == EntrySource.CASE,
            DossierEntry.number != "",
            DossierEntry.from_on <= clock.today(),
            IS_LIVE,
            ~corrected.exists(),
        )
    )
    return session.scalars(query.order_by(DossierEntry.from_on.desc(), DossierEntry.id)).all()


def hold(session: Session, given: Given) -> None:
    """Hold the entries that are named until the transaction ends, so that none is corrected twice."""
    named = sorted({one["entry"] for one in given})
    query = select(DossierEntry.id).where(DossierEntry.id.in_(named)).order_by(DossierEntry.id)
    session.execute(query.with_for_update())


def check(session: Session, organization_id: int, given: Given) -> list[Correction]:
    """Return the corrections that are named, of each person one. Raises Invalid by field."""
    found = {one.id: one for one in open_entries(session, organization_id)}
    applying = _applying(session, [one.person_id for one in found.values()])
    errors: dict[str, list[Sentence]] = {}
    named: dict[int, Correction] = {}
    for index, one in enumerate(given):
        entry = found.get(one.get("entry") or 0)
        if entry is None:
            errors[f"rows.{index}.entry"] = [sentence(NOT_OPEN)]
        elif entry.person_id in named:
            errors[f"rows.{index}.entry"] = [sentence(ONE_EACH)]
        elif entry.person_id in applying:
            errors[f"rows.{index}.entry"] = [sentence(APPLYING, name=entry.person.name)]
        else:
            made = named[entry.person_id] = _correction(entry, one)
            errors |= {f"rows.{index}.{name}": [said] for name, said in _mistakes(made)}
    if errors:
        raise Invalid(errors)
    return list(named.values())


def mistakes(entry: DossierEntry, rank: Rank, from_on: date | None) -> Iterable[tuple[str, Sentence]]:
    """Yield by field what keeps a rank and its day from correcting an entry."""
    if (rank, from_on) == (entry.category, entry.from_on):
        yield "rank", sentence(AS_IT_IS)
    if from_on is not None and from_on > clock.today():
        yield "from_on", sentence(TOO_LATE)
    if from_on is not None and from_on < EARLIEST:
        yield "from_on", sentence(TOO_EARLY)


def manifest_of(found: Sequence[Correction]) -> str:
    """Return the hash over what becomes what, and why: what the principal signs."""
    return canonical.content_hash([[one.entry.id, one.entry.number, one.line, dict(one.told)] for one in found])


def file(
    session: Session, organization_id: int, found: Sequence[Correction], case: int, signed_by_id: int | None
) -> FilingBatch:
    """File corrections as a batch of their own in the year that runs, and tell the people whose ranks they are."""
    kinds = _kinds(session, [one.entry.number for one in found])
    made = FilingBatch(
        organization_id=organization_id,
        school_year=school_year_of(clock.today()),
        kind=BatchKind.CORRECTION,
        status=BatchStatus.PREPARED,
        channel=batches.channel_of(session, organization_id),
        manifest_hash=manifest_of(found),
        signed_by_id=signed_by_id,
        submitted_at=clock.now(),
        rows=[_row(one, kinds.get(one.entry.number, RankApplicationKind.FIRST), case) for one in found],
    )
    batches.begin(session, made)
    for row in made.rows:
        correction_news.tell_filed(session, row)
    return made


def _correction(entry: DossierEntry, given: Mapping[str, Any]) -> Correction:
    is_void = given.get("remedy") == Remedy.STRIKE
    rank = None if is_void else given.get("rank")
    on = None if is_void else given.get("from_on")
    return Correction(
        entry=entry,
        rank=Rank(rank or str(entry.category)),
        from_on=date.fromisoformat(on) if on else entry.from_on,
        is_void=is_void,
        told={name: given.get(name) or "" for name in ("wrong", "reason", "proof")},
    )


def _mistakes(made: Correction) -> Iterable[tuple[str, Sentence]]:
    if made.is_void:
        return
    yield from mistakes(made.entry, made.rank, made.from_on)
    if made.rank.is_above(Rank(str(made.entry.category))) and not made.told["proof"]:
        yield "proof", sentence(UNPROVEN)


def _applying(session: Session, people: Sequence[int]) -> set[int]:
    """Return who of some people has an application, or a row of a list, that nothing has come of yet."""
    is_open = or_(RankApplication.status.in_(PENDING), RankApplication.result == RankApplicationResult.DETERMINED)
    applying = select(RankApplication.person_id).join(RankApplication.review)
    listed = select(FilingRow.person_id).where(FilingRow.status.not_in(SETTLED), FilingRow.corrects_id.is_(None))
    applied = applying.where(and_(is_open, RankReview.ended_at.is_(None)), RankApplication.person_id.in_(people))
    return {*session.scalars(applied), *session.scalars(listed.where(FilingRow.person_id.in_(people)))}


def _kinds(session: Session, numbers: Sequence[str]) -> dict[str | None, RankApplicationKind]:
    """Return by filing number in which way each rank was come by."""
    query = select(FilingRow.filing_number, FilingRow.kind).where(FilingRow.filing_number.in_(numbers))
    return {number: RankApplicationKind(kind) for number, kind in session.execute(query)}


def _row(one: Correction, kind: RankApplicationKind, case: int) -> FilingRow:
    return FilingRow(
        person_id=one.entry.person_id,
        name=one.entry.person.name,
        rank=one.rank,
        held=one.entry.category,
        kind=kind,
        particulars={**one.told, "case": case},
        status=RowStatus.PENDING,
        level=FilingLevel.SCHOOL,
        corrects=one.entry,
        from_on=one.from_on,
        is_void=one.is_void,
    )
