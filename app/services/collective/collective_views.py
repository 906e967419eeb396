"""What a reader of a case may know of its collective tasks.

Until one is closed, only how many have answered. Then what it came to; of a named one also who said what. Of a
confidential one nobody learns that, the office sees who is missing, and counts of few answers are kept back; from
the person whom it judges all counts are: where all agree, they tell what each said.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from app.db.collectives import LIVE, CollectiveResponse, CollectiveTask
from app.db.panels import Panel
from app.db.people import Organization, Person
from app.db.processes import ProcessInstance
from app.db.queries import ballots
from app.db.work import IS_OPEN, WorkItem
from app.domain import policy
from app.domain.ballots import turnout
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.domain.policy import Action, Place
from app.domain.tally import Count, Secrecy, tells_counts
from app.domain.vocabulary import CollectiveStatus
from app.engine.compiler import CompiledProcess
from app.engine.model import INITIATOR, UserTask
from app.engine.paths import calls_in, name_in
from app.services import pages, visibility
from app.services.acts import interventions
from app.services.pages import Page
from app.services.panels.hiding import without_line_of, without_lines
from app.services.publishing import definitions


@dataclass(frozen=True)
class Standing:
    """A collective task as a reader sees it; `place` is the reader's own, if there is one."""

    task: CollectiveTask
    is_office: bool
    place: WorkItem | None = None
    # Of a ballot: the share of the roll that has voted, in per cent and rounded.
    turnout: int | None = None
    # Where the members score candidates: the panel, and whether the reader may know what the scores come to.
    panel: Panel | None = None
    reads_scores: bool = False
    reader_id: int | None = None
    judges_reader: bool = False

    @property
    def is_named(self) -> bool:
        """Tell whether it may be told who said what."""
        return self.task.secrecy == Secrecy.NAMED

    @property
    def is_secret(self) -> bool:
        """Tell whether it is a ballot, of which more is told on its own page."""
        return self.task.secrecy == Secrecy.SECRET

    @property
    def is_open(self) -> bool:
        """Tell whether answers are still taken, or the case has yet to move on."""
        return self.task.status in LIVE

    @property
    def is_closed(self) -> bool:
        """Tell whether there is a result."""
        return self.task.status == CollectiveStatus.CLOSED

    @property
    def count(self) -> Count:
        """Return the counters, for arithmetic; what is shown of them is `counts`."""
        return Count(self.task.roll, self.task.recused, self.task.counts)

    @property
    def counts(self) -> Mapping[str, int] | None:
        """Return how many gave each verdict, once that may be told."""
        is_told = self.is_closed and self.panel is None and not (self.is_few or self.is_kept_from_reader)
        return self.task.counts if is_told else None

    @property
    def is_few(self) -> bool:
        """Tell whether so few answered that counts would tell who said what."""
        return not tells_counts(self.task.secrecy, self.count)

    @property
    def is_kept_from_reader(self) -> bool:
        """Tell whether it is a confidential one about the reader."""
        return self.judges_reader and not self.is_named

    @property
    def shows_people(self) -> bool:
        """Tell whether the reader may see who is on the roll and who is missing; of a ballot nobody may."""
        return self.is_named or (self.is_office and not self.is_secret) or self.reads_scores

    @property
    def shows_answers(self) -> bool:
        """Tell whether the reader may see who said what; of a panel the score sheet tells."""
        return self.is_named and self.is_closed and self.panel is None


def standings(session: Session, actor: Actor, case: ProcessInstance, process: CompiledProcess) -> list[Standing]:
    """Return a case's collective tasks as the person may see them, oldest first."""
    return list(_standings(session, actor, case, process)) if process.asks_many else []


def _standings(session: Session, actor: Actor, case: ProcessInstance, process: CompiledProcess) -> Iterator[Standing]:
    is_office = interventions.administers(actor, case.organization)
    # A scrutineer of a ballot is asked more than once: what counts is the latest.
    own = (WorkItem.collective_id == CollectiveTask.id) & (WorkItem.assignee_id == actor.person_id)
    latest = select(func.max(WorkItem.id)).where(own).correlate(CollectiveTask).scalar_subquery()
    query = (
        select(CollectiveTask, WorkItem, Panel)
        .outerjoin(WorkItem, WorkItem.id == latest)
        .outerjoin(Panel, Panel.id == CollectiveTask.id)
        .where(CollectiveTask.instance_id == case.id)
        .order_by(CollectiveTask.id)
    )
    rows: Any = session.execute(query)
    for task, place, panel in rows:
        reads_scores = panel is not None and (place is not None or _may_read_scores(session, actor, task))
        judges_reader = actor.person_id == case.initiator_id and _judges_initiator(process, task)
        turned_out = _turnout(session, task)
        yield Standing(task, is_office, place, turned_out, panel, reads_scores, actor.person_id, judges_reader)


def _judges_initiator(process: CompiledProcess, task: CollectiveTask) -> bool:
    asked = process.element(task.element)
    return isinstance(asked, UserTask) and asked.collective is not None and asked.collective.about == INITIATOR


def _may_read_scores(session: Session, actor: Actor, task: CollectiveTask) -> bool:
    organization = session.get_one(Organization, task.organization_id)
    return policy.allows(actor, Action.SEE_SCORES, Place(organization.id, organization.path))


def _turnout(session: Session, task: CollectiveTask) -> int | None:
    if task.secrecy != Secrecy.SECRET or task.status not in LIVE:
        return None
    return turnout(ballots.count_cast(session.connection(), task.id), task.roll)


def standing(session: Session, actor: Actor, collective_id: int) -> Standing:
    """Return one collective task of a case in the person's sight. Raises NotFound."""
    case = session.scalar(
        select(ProcessInstance)
        .join(CollectiveTask, CollectiveTask.instance_id == ProcessInstance.id)
        .where(CollectiveTask.id == collective_id, visibility.may_see(session, actor))
        .options(joinedload(ProcessInstance.organization), joinedload(ProcessInstance.version))
    )
    if case is None:
        raise NotFound
    found = _standings(session, actor, case, definitions.of_case(session, case))
    return next(one for one in found if one.task.id == collective_id)


def shown_values(case: ProcessInstance, found: list[Standing]) -> dict[str, Any]:
    """Return a case's values without the counts that the reader is not to know, and without scores that are not told."""
    values = case.values
    for standing in found:
        if standing.panel is not None:
            own = str(standing.reader_id)
            values = without_line_of(values, own) if standing.reads_scores else without_lines(values)
        if standing.is_closed and standing.counts is None:
            values = _without_counts(values, (*calls_in(standing.task.element), name_in(standing.task.element)))
    return values


def own_response(session: Session, item: WorkItem) -> CollectiveResponse | None:
    """Return what the assignee of a place answered."""
    mine = (CollectiveResponse.collective_id == item.collective_id) & (CollectiveResponse.person_id == item.assignee_id)
    return session.scalar(select(CollectiveResponse).where(mine))


def missing(session: Session, standing: Standing, cursor: str | None, limit: int | None = None) -> Page[Person]:
    """Return who has not answered, a page at a time. Raises NotFound where that is not to be seen."""
    if not standing.shows_people:
        raise NotFound
    query = (
        select(Person)
        .join(WorkItem, WorkItem.assignee_id == Person.id)
        .where(WorkItem.collective_id == standing.task.id, IS_OPEN)
        .order_by(Person.id)
    )
    return _page(session, query, Person.id, cursor, limit)


def answers(
    session: Session, standing: Standing, cursor: str | None, limit: int | None = None
) -> Page[CollectiveResponse]:
    """Return who said what, a page at a time. Raises NotFound where that is not to be seen."""
    if not standing.shows_answers:
        raise NotFound
    query = (
        select(CollectiveResponse)
        .where(CollectiveResponse.collective_id == standing.task.id)
        .options(joinedload(CollectiveResponse.person))
        .order_by(CollectiveResponse.id)
    )
    return _page(session, query, CollectiveResponse.id, cursor, limit)


def _page(session: Session, query: Select[Any], key: Any, cursor: str | None, limit: int | None) -> Page[Any]:
    size, after = pages.limit_of(limit), pages.decode(cursor, 1)
    if after is not None:
        query = query.where(key > after[0])
    rows = list(session.scalars(query.limit(size + 1)))
    return Page(rows[:size], pages.encode([rows[size - 1].id]) if len(rows) > size else None)


def _without_counts(values: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    first, *rest = path
    inner = values.get(first)
    if not isinstance(inner, dict):
        return dict(values)
    kept = _without_counts(inner, tuple(rest)) if rest else {k: v for k, v in inner.items() if k != "counts"}
    return {**values, first: kept}
