"""Filings as people read them: years and batches in their sight, and the schools with where they stand."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.db.filings import FilingBatch, FilingLetter, FilingRow, FilingRun
from app.db.people import Organization
from app.db.work import IS_OPEN, WorkItem
from app.domain.errors import Conflict, Forbidden, NotFound
from app.domain.filings import FILING_LEVEL_TITLES, ROW_STATUS_TITLES, SETTLED
from app.domain.identity import Actor
from app.domain.policy import Action, allows
from app.domain.text import N_
from app.domain.vocabulary import BUREAU_ROLES, OrganizationKind
from app.services.accounts.organizations import in_scope, place_of
from app.services.filings import auditing, routes
from app.services.filings.progress import SchoolStanding, standings
from app.services.pages import Page, decode, encode, limit_of

ELSEWHERE = N_("这位老师的名单现在在%(place)s，不在本单位审核：到了本单位，待办“逐人审核”里会有。")
SETTLED_ROW = N_("这位老师已经办结（%(status)s），不再审核。")


def runs_in_sight(session: Session, actor: Actor) -> Sequence[FilingRun]:
    """Return the years of the bureaus that a person may see, the latest first."""
    query = select(FilingRun).join(FilingRun.organization).where(in_scope(actor, Action.SEE_FILINGS))
    query = query.options(contains_eager(FilingRun.organization))
    return session.scalars(query.order_by(FilingRun.school_year.desc(), Organization.path)).all()


def run_of_sight(session: Session, actor: Actor, run_id: int) -> FilingRun:
    """Return a year that a person may see. Raises NotFound."""
    found = session.scalar(
        select(FilingRun)
        .join(FilingRun.organization)
        .where(FilingRun.id == run_id, in_scope(actor, Action.SEE_FILINGS))
        .options(contains_eager(FilingRun.organization))
    )
    if found is None:
        raise NotFound
    return found


def run_of_case(session: Session, actor: Actor, instance_id: int) -> int | None:
    """Return the year that a case is, for who may see it."""
    query = select(FilingRun.id).join(FilingRun.organization)
    return session.scalar(query.where(FilingRun.instance_id == instance_id, in_scope(actor, Action.SEE_FILINGS)))


def batches(
    session: Session, actor: Actor, *, school_year: int | None, cursor: str | None, limit: int | None
) -> Page[FilingBatch]:
    """Return the batches that a person may see, the latest first. Raises Invalid for a wrong cursor."""
    query = _batches(session, actor)
    if school_year is not None:
        query = query.where(FilingBatch.school_year == school_year)
    after, size = decode(cursor, 1), limit_of(limit)
    if after is not None:
        query = query.where(FilingBatch.id < after[0])
    rows = list(session.scalars(query.order_by(FilingBatch.id.desc()).limit(size + 1)))
    return Page(rows[:size], encode([rows[size - 1].id]) if len(rows) > size else None)


def batch_of_sight(session: Session, actor: Actor, batch_id: int) -> FilingBatch:
    """Return a batch that a person may see. Raises NotFound."""
    rows = selectinload(FilingBatch.rows).joinedload(FilingRow.corrects)
    found = session.scalar(_batches(session, actor).where(FilingBatch.id == batch_id).options(rows))
    if found is None:
        raise NotFound
    return found


def batch_of_case(session: Session, actor: Actor, instance_id: int) -> int | None:
    """Return the batch that a case is, for who may see it."""
    query = _batches(session, actor).where(FilingBatch.instance_id == instance_id)
    return session.scalar(query.with_only_columns(FilingBatch.id))


def batch_in_sight(session: Session, actor: Actor, batch_id: int) -> int | None:
    """Return a batch by its number, for who may see it."""
    return session.scalar(_batches(session, actor).where(FilingBatch.id == batch_id).with_only_columns(FilingBatch.id))


def open_tasks(session: Session, batch: FilingBatch) -> Sequence[WorkItem]:
    """Return what is asked of anybody about a school's list now."""
    query = select(WorkItem).where(WorkItem.instance_id == batch.instance_id, IS_OPEN)
    return session.scalars(query.order_by(WorkItem.id)).all()


def run_of_letter(session: Session, actor: Actor, instance_id: int) -> int | None:
    """Return the year of the letter that a case is, for who may see it."""
    query = select(FilingLetter.run_id).join(FilingLetter.run).join(FilingRun.organization)
    return session.scalar(query.where(FilingLetter.instance_id == instance_id, in_scope(actor, Action.SEE_FILINGS)))


def run_to_audit(session: Session, actor: Actor, row: FilingRow) -> FilingRun:
    """Return the year with whose bureau a row lies that a person sees, for who audits there.

    Raises Forbidden for who audits nowhere on its way, and Conflict where it lies elsewhere, or is settled.
    """
    passed = [one for one in (row.batch.district_run_id, row.batch.city_run_id) if one is not None]
    found = [session.get_one(FilingRun, run_id) for run_id in passed]
    bureaus = {one.organization for one in found} | set(routes.bureaus_of(session, row.batch.organization_id))
    if not any(_may_audit_at(actor, one) for one in bureaus):
        raise Forbidden(auditing.NO_AUDITOR)
    if row.status in SETTLED:
        raise Conflict(SETTLED_ROW, status=ROW_STATUS_TITLES[row.status])
    for run in found:
        its = auditing.rows_of(run).where(FilingRow.id == row.id)
        if _may_audit_at(actor, run.organization) and session.scalar(its) is not None:
            return run
    raise Conflict(ELSEWHERE, place=FILING_LEVEL_TITLES[row.level])


def _may_audit_at(actor: Actor, bureau: Organization) -> bool:
    return allows(actor, Action.AUDIT_FILINGS, place_of(bureau))


def schools_in_sight(session: Session, actor: Actor, school_year: int) -> list[SchoolStanding]:
    """Return the schools that a person may see with where they stand."""
    places = [and_(in_scope(each, Action.SEE_FILINGS), passes) for each, passes in _sights(session, actor)]
    return standings(session, or_(*places), school_year)


def schools_below(session: Session, run: FilingRun) -> list[SchoolStanding]:
    """Return the schools below a year's bureau with where they stand."""
    return standings(session, routes.files_with(session, run.organization), run.school_year)


def _batches(session: Session, actor: Actor) -> Select[FilingBatch]:
    query = select(FilingBatch).join(FilingBatch.organization)
    # What a district had before the rule changed stays in its sight.
    passed = FilingBatch.district_run_id.is_not(None)
    places = [and_(in_scope(each, Action.SEE_FILINGS), or_(passes, passed)) for each, passes in _sights(session, actor)]
    query = query.where(or_(*places))
    return query.options(contains_eager(FilingBatch.organization), joinedload(FilingBatch.instance))


def _sights(session: Session, actor: Actor) -> list[tuple[Actor, ColumnElement[bool]]]:
    """Return a person's positions with the condition of the schools whose lists pass where they are held.

    A district does not see those below it that file with its city at once.
    """
    held = {one.organization_id for one in actor.holdings if one.role in BUREAU_ROLES}
    districts = select(Organization).where(Organization.id.in_(held), Organization.kind == OrganizationKind.DISTRICT)
    found: list[tuple[Actor, ColumnElement[bool]]] = []
    others = actor.holdings
    for district in session.scalars(districts) if held else ():
        there = tuple(one for one in others if one.organization_id == district.id)
        found.append((replace(actor, holdings=there), routes.files_with(session, district)))
        others = tuple(one for one in others if one.organization_id != district.id)
    return [*found, (replace(actor, holdings=others), true())]
