"""Urging 催办: whoever has not filed, or summed up in time, is told, at most once in a working day, and the journal tells it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.filings import FilingRun
from app.db.people import Position
from app.domain import clock
from app.domain.errors import Conflict, Forbidden
from app.domain.filings import MISSING
from app.domain.identity import Actor
from app.domain.notification_kinds import NotificationKind
from app.domain.policy import Action, allows
from app.domain.school_years import titled
from app.domain.text import N_, sentence
from app.domain.vocabulary import Role
from app.services import journal, outbox
from app.services.accounts.actors import holds_today
from app.services.accounts.organizations import place_of
from app.services.filings import lateness, listing, progress, runs
from app.services.texts import day
from app.services.transactions import writing

ACT = "urge_filings"
TOLD = (Role.MORAL_EDUCATION_OFFICE, Role.PRINCIPAL)
DISTRICT = (Role.BUREAU_CLERK, Role.BUREAU_REVIEWER, Role.BUREAU_LEADER)
WORDS = N_("%(bureau)s催办：%(year)s班主任职级名单还没有报，%(day)s截止。请尽快办理。")
TO_DISTRICTS = N_("%(bureau)s催办：%(year)s班主任职级已经过了汇总上报的期限，请尽快审核、汇总。")


@dataclass(frozen=True)
class Urged:
    """How many were urged: schools that have not filed, districts that are late with the summing up."""

    schools: int
    districts: int


def may_urge(actor: Actor, run: FilingRun) -> bool:
    """Tell whether the person may urge now: a clerk of the bureau, once a day."""
    is_first = run.urged_at is None or clock.shanghai(run.urged_at).date() != clock.today()
    return is_first and allows(actor, Action.AUDIT_FILINGS, place_of(run.organization))


def urge(session: Session, actor: Actor, run_id: int) -> Urged:
    """Urge every school that has not filed, and every district that is late. Raises NotFound, Forbidden, Conflict where it is too soon."""
    listing.run_of_sight(session, actor, run_id)
    with writing(session):
        run = runs.locked(session, run_id)
        if not allows(actor, Action.AUDIT_FILINGS, place_of(run.organization)):
            raise Forbidden(N_("由本局经办催办。"))
        if not may_urge(actor, run):
            raise Conflict(N_("今天已经催办过，请明天再催。"))
        schools = [one.id for one in listing.schools_below(session, run) if one.standing in MISSING]
        late = [one.run.organization_id for one in lateness.districts_below(session, run) if one.days_late]
        last = progress.file_by(session, run.organization_id, run.school_year)
        words = {
            "bureau": run.organization.name,
            "year": titled(run.school_year).chinese(),
            "day": day(last) if last else "",
        }
        _tell(session, _holders(session, schools, TOLD), sentence(WORDS, **words).chinese())
        _tell(session, _holders(session, late, DISTRICT), sentence(TO_DISTRICTS, **words).chinese())
        run.urged_at = clock.now()
        details = {"run": run.id, "schools": schools, "districts": late}
        journal.record_organization(session, run.organization_id, actor, ACT, details)
    return Urged(len(schools), len(late))


def _tell(session: Session, people: list[int], text: str) -> None:
    if people:
        about = {"people": people, "instance": None, "kind": NotificationKind.OTHER}
        outbox.put(session, "notify", {**about, "text": text})


def _holders(session: Session, places: list[int], roles: Iterable[Role]) -> list[int]:
    held = select(Position.person_id).where(
        Position.organization_id.in_(places), Position.role.in_(roles), holds_today()
    )
    return sorted(set(session.scalars(held)))
