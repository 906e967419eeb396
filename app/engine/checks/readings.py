"""What a task says of whose file it reads can be carried out."""

from collections.abc import Iterator

from app.domain.text import N_
from app.engine.checks.facts import Facts
from app.engine.problems import Problem

READINGS = (("file",), ("file", "sanctions"))


def check_readings(facts: Facts) -> Iterator[Problem]:
    """Find readings of files that do not exist, and those of one's own."""
    for task in facts.user_tasks():
        if task.reads and task.reads not in READINGS:
            yield facts.problem(task.id, "reads", N_("shenpi:reads 只能写 file，或者 file sanctions（连同处分）。"))
        elif task.reads and task.is_initiator:
            yield facts.problem(task.id, "reads", N_("由发起人办理的任务不写 shenpi:reads：自己的档案总能看。请删去。"))
