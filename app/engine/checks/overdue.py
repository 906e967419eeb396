"""What a task says of its deadline can be carried out, and no verdict is given where a person is needed."""

from collections.abc import Iterator

from app.domain.overdue import MOST_DAYS, MOST_REMINDERS, read_days, read_reminders
from app.domain.text import N_
from app.domain.vocabulary import BUREAU_ROLES, STUDIO_ROLES
from app.engine.checks.facts import Facts
from app.engine.checks.persons import why_a_person
from app.engine.forms.form import INCOMPLETE_VERDICTS
from app.engine.model import INITIATOR, Overdue, UserTask
from app.engine.problems import Problem

Objection = tuple[bool, str]
NO_DEADLINE = N_("写了催办、升级或者超时自动办理，就要有期限：请写 shenpi:due。")


def check_overdue(facts: Facts) -> Iterator[Problem]:
    """Find reminders, escalations and verdicts of the platform's own that cannot be or must not be."""
    for task in facts.user_tasks():
        for is_wrong, words in _objections(facts, task, task.overdue):
            if is_wrong:
                yield facts.problem(task.id, "overdue", words, days=MOST_DAYS, most=MOST_REMINDERS)
        reason = why_a_person(facts, task) if task.overdue.verdict else None
        if reason:
            yield facts.problem(
                task.id,
                "overdue",
                N_("这一步不能超时自动办理：%(reason)s。请删去 shenpi:overdueVerdict。"),
                reason=reason,
            )


def _objections(facts: Facts, task: UserTask, said: Overdue) -> Iterator[Objection]:
    is_said = any((said.remind, said.escalate_to, said.escalate_after, said.verdict, said.verdict_after))
    yield is_said and not task.due, NO_DEADLINE
    yield (
        said.remind is not None and read_reminders(said.remind) is None,
        N_(
            "提醒 shenpi:remind 写工作日数，用空格隔开，到期前的带负号，例如 -2 -1 0 2；不提醒写 none。最多 %(most)d 个，每个不超过 %(days)d。"
        ),
    )
    yield from _about_escalation(facts, task, said)
    yield from _about_verdict(task, said)


def _about_escalation(facts: Facts, task: UserTask, said: Overdue) -> Iterator[Objection]:
    to, after = said.escalate_to, said.escalate_after
    yield bool(to) != bool(after), N_("升级要写两样：给谁 shenpi:escalateTo，过期几个工作日 shenpi:escalateAfter。")
    yield (
        bool(after) and not read_days(after or ""),
        N_("shenpi:escalateAfter 要写 1 到 %(days)d 的整数，单位是工作日。"),
    )
    if to:
        is_known = to in facts.registry.roles - STUDIO_ROLES and to != INITIATOR
        yield (
            not is_known,
            N_("shenpi:escalateTo 要写办理单位里的一个职务，例如 deputy_principal；不能是工作室的职务或者发起人。"),
        )
        yield to == task.role, N_("升级给的职务就是办理的职务，请写它上面的职务。")
        is_elsewhere = (to in BUREAU_ROLES) != (task.of == "parent" or task.role in BUREAU_ROLES)
        yield is_known and is_elsewhere, N_("升级只在办理的单位里：学校办的写学校的职务，教育局办的写教育局的职务。")
        yield task.collective is not None, N_("多人办理的任务到期就结束，不用升级，请删去 shenpi:escalateTo。")


def _about_verdict(task: UserTask, said: Overdue) -> Iterator[Objection]:
    verdict, after = said.verdict, said.verdict_after
    yield (
        bool(verdict) != bool(after),
        N_("超时自动办理要写两样：怎样答复 shenpi:overdueVerdict，过期几个工作日 shenpi:overdueAfter。"),
    )
    yield (
        bool(after) and read_days(after or "") is None,
        N_("shenpi:overdueAfter 要写 0 到 %(days)d 的整数，单位是工作日；0 是一到期就办。"),
    )
    if verdict:
        yield verdict not in task.verdicts, N_("shenpi:overdueVerdict 要写 shenpi:verdicts 里有的一种答复。")
        is_incomplete = bool(task.form or task.edits) and verdict not in INCOMPLETE_VERDICTS
        yield is_incomplete, N_("要填表的任务不能超时自动办理：没有人填。请删去 shenpi:overdueVerdict，或者去掉表单。")
        escalated, given = read_days(said.escalate_after or ""), read_days(after or "")
        is_after = escalated is not None and given is not None and given <= escalated
        yield is_after, N_("自动办理要在升级以后：shenpi:overdueAfter 要大于 shenpi:escalateAfter。")
