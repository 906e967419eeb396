"""What happens to a late task: its people are reminded, a position above is put before it, or the platform answers."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from app.db.work import WorkItem
from app.domain.handling import superiors
from app.domain.notification_kinds import NotificationKind
from app.domain.text import N_, sentence
from app.domain.vocabulary import ROLE_TITLES, Role, Verdict
from app.engine.model import UserTask
from app.services import outbox, steps, work_items
from app.services.acts import asked_items, come_backs
from app.services.attention import holders, overdue
from app.services.filling import submissions
from app.services.filling.submissions import Given
from app.services.steps import Step

NO_CLAUSE = N_("文件未规定，本单位设定")


def remind(step: Step, item: WorkItem) -> None:
    """Tell who may do a task how near its deadline is, or how long it is over."""
    people = _people(step, item)
    words = N_("请办理“%(title)s”的“%(step)s”：%(due)s。")
    tell(step, item, people, words)
    steps.conclude(step, "remind_late", {**_about(item), "people": sorted(people)})


def escalate(step: Step, item: WorkItem, task: UserTask) -> None:
    """Put a late task before the position that its diagram names, or before the next one up that somebody holds."""
    assert task.overdue.escalate_to is not None  # noqa: S101 - the check demands it beside the days
    named = Role(task.overdue.escalate_to)
    chain = [named, *superiors(named)]
    held = holders.by_role(step.session, item.organization_id, chain)
    to = next((role for role in chain if held.get(role)), None)
    if to is None:
        remind(step, item)
        return
    people, above = _people(step, item), set(held[to])
    item.escalated_to = to
    step.session.flush()
    title = ROLE_TITLES[to]
    told = N_("“%(title)s”的“%(step)s”%(due)s，请过问：签字仍要由原来的职务来签。")
    asked = N_("“%(title)s”的“%(step)s”%(due)s，升级给您（%(position)s）办理。")
    tell(step, item, above, told if item.is_signature else asked, position=title)
    tell(
        step,
        item,
        people - above,
        N_("“%(title)s”的“%(step)s”%(due)s，已升级给%(position)s，请尽快办理。"),
        position=title,
    )
    steps.conclude(step, "escalate", {**_about(item), "position": str(to)})


def answer(step: Step, item: WorkItem, task: UserTask) -> None:
    """Answer a late task as its diagram says, in the platform's name."""
    verdict = task.overdue.verdict
    assert verdict is not None and item.due_at is not None  # noqa: S101, PT018 - the check demands both
    basis = basis_of(step.case.rules, task.clause)
    words = sentence(
        N_("超时自动办理：%(due)s，依据%(basis)s。"), due=overdue.words(item.due_at), basis=basis
    ).chinese()
    complete(step, item, task, verdict, words)
    steps.conclude(step, "answer_late", {**_about(item), "verdict": verdict, "basis": basis})


def complete(step: Step, item: WorkItem, task: UserTask, verdict: str, words: str) -> None:
    """Complete an open task in the platform's name, with the reason as its remark; the caller concludes the step."""
    given = Given(verdict, {}, words, item.id)
    step.submitted = submissions.keep_of_platform(step.session, step.case, item.element, task, given)
    asked_items.cancel_below(step.session, item.id)
    work_items.finish_item(step.session, item.id, verdict, None)
    changes = steps.done_by_platform(step, item.task_id, verdict)
    is_returned = verdict == Verdict.RETURN
    steps.apply(step, come_backs.lead_back(step, item.comes_back_to, verdict, changes), is_returned=is_returned)


def basis_of(rules: Mapping[str, Mapping[str, Any]], parameter: str | None) -> str:
    """Say by which clause of a pinned rule something is done, or that no document says."""
    clause = rules.get(parameter or "", {}).get("clause")
    if clause is None:
        return NO_CLAUSE
    return sentence(N_("《%(document)s》%(article)s"), document=clause["document"], article=clause["article"]).chinese()


def tell(step: Step, item: WorkItem, people: Iterable[int], words: str, **params: Any) -> None:
    """Put a sentence about a task in the outbox, for the people whom it concerns."""
    listed = sorted(people)
    if not listed:
        return
    due = overdue.words(item.due_at) if item.due_at else ""
    text = sentence(words, title=step.case.title, step=item.element_name, due=due, **params).chinese()
    about = {"instance": step.case.id, "task": item.id, "kind": NotificationKind.OVERDUE}
    outbox.put(step.session, "notify", {**about, "people": listed, "text": text})


def _people(step: Step, item: WorkItem) -> set[int]:
    """Return who may do a task: its assignee, or who holds its position, and who stands over it."""
    found: Collection[int] = [item.assignee_id] if item.assignee_id else holders.able(step.session, item)
    above = [Role(item.escalated_to)] if item.escalated_to and not item.is_signature else []
    over = holders.by_role(step.session, item.organization_id, above) if above else {}
    return {*found, *(person for people in over.values() for person in people)}


def _about(item: WorkItem) -> dict[str, Any]:
    late = overdue.how_late(item.due_at) if item.due_at else 0
    return {"element": item.element, "work_item": item.id, "days": late}
