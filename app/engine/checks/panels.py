"""Panels that score: what they need, and what would tell a score before all are in or to whom it is about."""

from collections.abc import Iterator

from app.domain.tally import Closing
from app.domain.text import N_
from app.domain.vocabulary import Verdict
from app.engine.attributes import PANEL
from app.engine.checks.facts import Facts
from app.engine.model import Collective, UserTask
from app.engine.problems import Problem


def check_panels(facts: Facts) -> Iterator[Problem]:
    """Find panels that lack candidates or criteria, or say what scoring cannot have."""
    for task in facts.user_tasks():
        asked = task.collective
        if asked is None or (asked.candidates is None and asked.criteria is None):
            continue
        for name in sorted(PANEL):
            if getattr(asked, name) is None:
                message = N_("评议打分要同时写 shenpi:candidates 和 shenpi:criteria，请补上 shenpi:%(name)s。")
                yield facts.problem(task.id, "panel", message, name=name)
        for is_wrong, words in _objections(task, asked):
            if is_wrong:
                yield facts.problem(task.id, "panel", words)


def _objections(task: UserTask, asked: Collective) -> Iterator[tuple[bool, str]]:
    yield asked.is_secret, N_("评议打分不能是无记名投票：shenpi:secrecy 请写 named 或者 confidential。")
    yield asked.closing != Closing.ALL, N_("评议打分到全部交齐或者截止时结束：请删去 shenpi:closing，或者写 all。")
    yield asked.majority is not None, N_("评议打分不按比例表决，请删去 shenpi:majority。")
    yield bool(task.form), N_("评议打分不能另外填表：分数和意见写在打分表上，请删去 shenpi:form。")
    yield task.verdicts != (Verdict.SUBMIT,), N_("评议打分的 shenpi:verdicts 只能写 submit。")
