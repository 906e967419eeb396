"""Who has which part in an objection: the handler, those who may conclude, who does where they may not.

All are chosen when it is raised, while it is known who objects: they are kept as those who take part, never as those
who are kept out, so that no row names who objects.
"""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from app.db.collectives import CollectiveResponse, CollectiveTask
from app.db.notices import Notice
from app.db.objections import Objection
from app.db.panels import PanelRecusal
from app.db.people import Organization, Person, Position
from app.db.rank_reviews import RankApplication, RankReview
from app.db.rounds import Application, Round
from app.db.work import Submission, WorkItem
from app.domain.objections import BUREAU_OFFICES, CONCLUDING_ABOVE, HANDLER, OFFICES, Parts, first_free
from app.domain.vocabulary import OrganizationKind, Role, WorkItemStatus, body_of
from app.services.accounts.actors import holds_today


def parts_of(session: Session, notice: Notice, person_id: int, objector_id: int, office: str) -> Parts:
    """Return who looks into an objection and who concludes; `office` is the position that the rule names."""
    apart = {person_id, objector_id}
    received = received_by(session, notice, person_id)
    group = holders(session, notice.organization_id, sorted(body_of(Role.LEADERSHIP_GROUP_MEMBER)))
    scored = scored_by(session, notice)
    barred = apart | received | scored
    asked = _whole_office(session, notice, office, barred)
    return Parts(
        office=asked,
        handler_id=None if asked else first_free(_offices(session, notice.organization, office), barred),
        deciders=tuple(sorted(set(group) - apart - conflicted(session, notice, person_id))),
        outsider_id=_outsider(session, notice.organization, apart | received | set(group)),
    )


def may_handle(session: Session, item_id: int) -> set[int]:
    """Return who may be given a task of the handler's: of an office that looks into it, without a part in it.

    Who objects is not left out, for that would tell who it is.
    """
    objection = _of_task(session, item_id)
    notice = objection.notice
    barred = {objection.person_id} | received_by(session, notice, objection.person_id) | scored_by(session, notice)
    return set(_offices(session, notice.organization, office_of(notice))) - barred


def may_conclude(session: Session, item_id: int) -> set[int]:
    """Return who may be given the conclusion that the group may not reach: of the level above, else outside the group."""
    objection = _of_task(session, item_id)
    notice = objection.notice
    group = holders(session, notice.organization_id, sorted(body_of(Role.LEADERSHIP_GROUP_MEMBER)))
    barred = {objection.person_id, *group} | received_by(session, notice, objection.person_id)
    parent = notice.organization.parent
    above = set(holders(session, parent.id, CONCLUDING_ABOVE)) - barred if parent is not None else set()
    return above or set(holders(session, notice.organization_id, list(Role))) - barred


def _of_task(session: Session, item_id: int) -> Objection:
    query = select(Objection).join(WorkItem, WorkItem.instance_id == Objection.instance_id)
    return session.scalars(query.where(WorkItem.id == item_id)).one()


def office_of(notice: Notice) -> str:
    """Return the office that the rules name, to which the case of the notice is pinned."""
    return str(notice.instance.rules.get(HANDLER, {}).get("value", OFFICES[0]))


def received_by(session: Session, notice: Notice, person_id: int) -> set[int]:
    """Return who did anything with the application of the person on the notice, the person aside."""
    for_host = (
        select(Application.instance_id)
        .join(Round, Round.id == Application.round_id)
        .where(Round.instance_id == notice.instance_id, Application.person_id == person_id)
    )
    for_rank = _rank_cases(notice).where(RankApplication.person_id == person_id)
    of_case = or_(Submission.instance_id.in_(for_host), Submission.instance_id.in_(for_rank))
    query = select(Submission.person_id).where(of_case, Submission.person_id != person_id)
    return {one for one in session.scalars(query) if one is not None}


def scored_by(session: Session, notice: Notice) -> set[int]:
    """Return who answered a task of many people in the case of the notice: who judged those named there."""
    query = select(CollectiveResponse.person_id).join(
        CollectiveTask, CollectiveTask.id == CollectiveResponse.collective_id
    )
    return set(session.scalars(query.where(_of_notice(notice))))


def conflicted(session: Session, notice: Notice, person_id: int) -> set[int]:
    """Return who of a panel stepped aside for the person on the notice, or in a vote on the person's rank."""
    query = (
        select(PanelRecusal.person_id)
        .join(CollectiveTask, CollectiveTask.id == PanelRecusal.panel_id)
        .where(CollectiveTask.instance_id == notice.instance_id, PanelRecusal.candidate == str(person_id))
    )
    voted_on = _rank_cases(notice).where(RankApplication.person_id == person_id)
    aside = select(WorkItem.assignee_id).where(
        WorkItem.instance_id.in_(voted_on), WorkItem.status == WorkItemStatus.RECUSED
    )
    return {one for one in (*session.scalars(query), *session.scalars(aside)) if one is not None}


def holders(session: Session, organization_id: int, roles: Sequence[str]) -> list[int]:
    """Return who holds one of some positions today, in the order of the positions, who has held it longest first."""
    query = (
        select(Position.role, Position.person_id)
        .join(Person, Person.id == Position.person_id)
        .where(Position.organization_id == organization_id, Position.role.in_(roles), holds_today(), Person.is_active)
        .order_by(Position.from_on, Position.id)
    )
    found = sorted(session.execute(query), key=lambda held: roles.index(held.role))
    return list(dict.fromkeys(person_id for _role, person_id in found))


def _of_notice(notice: Notice) -> ColumnElement[bool]:
    """Return the condition of the tasks of many people that judged those named on a notice."""
    of_ranks = CollectiveTask.instance_id.in_(_rank_cases(notice))
    return or_(CollectiveTask.instance_id == notice.instance_id, of_ranks)


def _rank_cases(notice: Notice) -> Select[int]:
    """Return the cases of the applications in the review of ranks whose list a notice is."""
    query = select(RankApplication.instance_id).join(RankReview, RankReview.id == RankApplication.review_id)
    return query.where(RankReview.instance_id == notice.instance_id)


def _whole_office(session: Session, notice: Notice, office: str, barred: Collection[int]) -> str | None:
    """Return the office of the rule where several hold it and none of them is barred: any of them may take it."""
    people = set(holders(session, notice.organization_id, [office]))
    is_school = notice.organization.kind == OrganizationKind.SCHOOL
    return office if is_school and len(people) > 1 and not people & set(barred) else None


def _offices(session: Session, organization: Organization, office: str) -> Iterable[int]:
    """Yield who may look into an objection, the office of the rule first, then upwards."""
    place: Organization | None = organization
    while place is not None:
        is_school = place.kind == OrganizationKind.SCHOOL
        roles = list(dict.fromkeys((office, *OFFICES))) if is_school else list(BUREAU_OFFICES)
        yield from holders(session, place.id, roles)
        place = place.parent


def _outsider(session: Session, organization: Organization, barred: Collection[int]) -> int | None:
    """Return who concludes above; where nothing is above, somebody of the organisation outside its group."""
    place = organization.parent or organization
    return first_free(holders(session, place.id, CONCLUDING_ABOVE), barred)
