"""Where a person is needed: no verdict of the platform's own, no step that passes by itself."""

from app.domain.text import N_
from app.engine.checks.facts import Facts
from app.engine.model import UserTask


def why_a_person(facts: Facts, task: UserTask) -> str | None:
    """Return why a task must not be done without a person, or None where it may."""
    apart = {name for other in facts.user_tasks() for name in other.distinct_from}
    signed = {name for other in facts.user_tasks() for name in other.signs}
    reasons = (
        (task.signature is not None, N_("要签字")),
        (task.collective is not None, N_("由多人办理，按人数结束")),
        (bool(task.distinct_from), N_("要换一个人来办（distinctFrom）")),
        (task.id in apart, N_("后面的环节要与这一步不是同一个人（distinctFrom）")),
        (task.id in signed, N_("后面要对这一步的内容签字")),
    )
    return next((reason for is_so, reason in reasons if is_so), None)
