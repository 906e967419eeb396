"""What a task says of who does it can be carried out."""

from collections.abc import Iterator

from app.domain.handling import OWN, UNHELD, Otherwise, affirmative
from app.domain.text import N_
from app.engine.checks.facts import Facts
from app.engine.checks.persons import why_a_person
from app.engine.model import UserTask
from app.engine.problems import Problem

_CHOICES = {"unheld": UNHELD, "initiator": OWN, "repeated": OWN}


def check_handling(facts: Facts) -> Iterator[Problem]:
    """Find settings of who does a task that do not exist or must not be."""
    for task in facts.user_tasks():
        if task.returns not in {None, "none"}:
            yield facts.problem(task.id, "handling", N_("shenpi:returns 只能写 none，或者不写。"))
        said = {
            "unheld": task.handling.unheld,
            "initiator": task.handling.initiator,
            "repeated": task.handling.repeated,
        }
        for name, value in said.items():
            if value not in _CHOICES[name]:
                words = N_("shenpi:%(name)s 只能写：%(choices)s。")
                yield facts.problem(task.id, "handling", words, name=name, choices="、".join(_CHOICES[name]))
        yield from _skips(facts, task, [name for name, value in said.items() if value == Otherwise.SKIP])
        yield from _places(
            facts, task, [name for name, value in said.items() if value not in {Otherwise.SELF, "administrators"}]
        )


def _skips(facts: Facts, task: UserTask, names: list[str]) -> Iterator[Problem]:
    reason = why_a_person(facts, task)
    for name in names:
        if reason:
            words = N_("这一步不能自动通过：%(reason)s。请把 shenpi:%(name)s 改成 administrators 或者 superior。")
            yield facts.problem(task.id, "handling", words, name=name, reason=reason)
        elif affirmative(task.verdicts) is None or task.form or task.edits:
            words = N_("自动通过（shenpi:%(name)s 写 skip）要恰好有一种同意的答复 agree 或者 accept，而且不用填表。")
            yield facts.problem(task.id, "handling", words, name=name)


def _places(facts: Facts, task: UserTask, names: list[str]) -> Iterator[Problem]:
    for name in names:
        if task.collective is not None:
            words = N_("多人办理的任务不写 shenpi:%(name)s：名单上没有人就以 no_quorum 结束。请删去。")
            yield facts.problem(task.id, "handling", words, name=name)
        elif task.is_initiator or task.is_person:
            words = N_("由发起人办理的任务不写 shenpi:%(name)s，由指定的人办理的也不写，请删去。")
            yield facts.problem(task.id, "handling", words, name=name)
