"""Tasks that nobody holds: found as they open and when positions change, looked after as their diagram says."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.work import WorkItem, WorkItemExclusion
from app.domain.handling import Otherwise, affirmative
from app.domain.policy import ADMIN_ROLE
from app.domain.text import N_
from app.domain.vocabulary import ROLE_TITLES, Role
from app.engine.model import UserTask
from app.services import steps
from app.services.attention import escalations, handlings, holders
from app.services.steps import Step

_SETTINGS = {handlings.OWN_CASE: "initiator", handlings.DID_BEFORE: "repeated"}


def look_after(step: Step, item: WorkItem, task: UserTask) -> None:
    """Do with a task that nobody holds what its diagram says; what cannot be done so goes to the administrators."""
    why = _why(step.session, item.id)
    choice = getattr(task.handling, why)
    verdict = affirmative(task.verdicts)
    if choice == Otherwise.SKIP and verdict:
        words = handlings.passed_words(why, task)
        escalations.complete(step, item, task, verdict, words)
        steps.conclude(step, "skip", {"element": item.element, "work_item": item.id, "reason": words})
    elif choice == Otherwise.SUPERIOR and _move_up(step, item):
        pass
    elif choice == Otherwise.ASK and step.case.initiator_id is not None:
        _ask(step, item, {step.case.initiator_id}, N_("“%(title)s”的“%(step)s”没有人能办，请您指定一位同事。"))
    else:
        _ask(
            step,
            item,
            administrators(step.session, item),
            N_("“%(title)s”的“%(step)s”没有人能办，请指定一位同事，或者给%(position)s任命人员。"),
        )


def setting_of(session: Session, item_id: int, task: UserTask) -> str:
    """Return what a task says of why it is not held."""
    return str(getattr(task.handling, _why(session, item_id)))


def administrators(session: Session, item: WorkItem) -> set[int]:
    """Return who administers the processes of the organisation whose position is asked."""
    found = holders.by_role(session, item.organization_id, sorted(set(ADMIN_ROLE.values())))
    return {person for people in found.values() for person in people}


def _why(session: Session, item_id: int) -> str:
    """Return the setting that holds: of whom the position's holders were left out for, if they were."""
    reasons = session.scalars(select(WorkItemExclusion.reason).where(WorkItemExclusion.work_item_id == item_id))
    return next((_SETTINGS[reason] for reason in reasons if reason in _SETTINGS), "unheld")


def _move_up(step: Step, item: WorkItem) -> bool:
    """Give a task to the next position up that somebody holds; tell whether there is one."""
    barred = set(
        step.session.scalars(select(WorkItemExclusion.person_id).where(WorkItemExclusion.work_item_id == item.id))
    )
    found = handlings.superior_of(step.session, item.organization_id, Role(str(item.role)), barred)
    if found is None:
        return False
    before = str(item.role)
    item.organization_id, item.role, item.studio_id = found["organization_id"], found["role"], None
    item.is_unheld, item.revision = False, item.revision + 1
    step.session.flush()
    people = holders.able(step.session, item)
    escalations.tell(step, item, people, N_("“%(title)s”的“%(step)s”转到您这里办：原来的职务现在没有人。"))
    steps.conclude(
        step, "move_up", {"element": item.element, "work_item": item.id, "from": before, "position": str(item.role)}
    )
    return True


def _ask(step: Step, item: WorkItem, people: set[int], words: str) -> None:
    """Tell who names somebody for a task."""
    role = str(item.role)
    escalations.tell(step, item, people, words, position=ROLE_TITLES[Role(role)])
    details = {"element": item.element, "work_item": item.id, "role": role, "people": sorted(people)}
    steps.conclude(step, "unheld", details)
