"""Secret ballots: what they need, and what would tell who voted for whom."""

from collections.abc import Iterator

from app.domain.tally import ABSTAIN, Closing
from app.domain.text import N_
from app.domain.vocabulary import Role, Verdict
from app.engine.attributes import BALLOT, field_of
from app.engine.checks.facts import Facts
from app.engine.model import Collective, UserTask
from app.engine.problems import Problem

NEEDED = ("choices", "seats", "scrutineers")
PAPERS = {(Verdict.SUBMIT,), (Verdict.SUBMIT, ABSTAIN)}


def check_ballots(facts: Facts) -> Iterator[Problem]:
    """Find ballots that lack something or would not stay secret, and their attributes on other tasks."""
    for task in facts.user_tasks():
        if task.collective is not None:
            check = _ballot if task.collective.is_secret else _other
            yield from check(facts, task, task.collective)


def _ballot(facts: Facts, task: UserTask, asked: Collective) -> Iterator[Problem]:
    for name in NEEDED:
        if getattr(asked, name) is None:
            yield facts.problem(task.id, "ballot", N_("无记名投票要写 shenpi:%(name)s，请补上。"), name=name)
    for is_wrong, words in _objections(task, asked):
        if is_wrong:
            yield facts.problem(task.id, "ballot", words)


def _other(facts: Facts, task: UserTask, asked: Collective) -> Iterator[Problem]:
    for name in sorted(BALLOT):
        if getattr(asked, field_of(name)) is not None:
            message = N_("shenpi:%(name)s 只用在无记名投票（secrecy=secret）上，请删去。")
            yield facts.problem(task.id, "ballot", message, name=name)


def _objections(task: UserTask, asked: Collective) -> Iterator[tuple[bool, str]]:
    yield asked.closing != Closing.QUORUM, N_("无记名投票到截止时才结束：shenpi:closing 请写 quorum。")
    yield asked.majority is not None, N_("无记名投票只计各人得几票，不按比例表决，请删去 shenpi:majority。")
    yield bool(task.form), N_("无记名投票不能填表：表里的内容会露出是谁投的，请删去 shenpi:form。")
    yield bool(task.reads), N_("投票的人不因此看档案，请删去 shenpi:reads。")
    yield task.verdicts not in PAPERS, N_("无记名投票的 shenpi:verdicts 只能写 submit，可以弃权的写 submit abstain。")
    yield asked.among is not None, N_("无记名投票的名册是任这个职务的所有人，请删去 shenpi:among。")
    is_theirs = asked.assistants_vote is not None and task.role != Role.HOMEROOM_TEACHER
    yield is_theirs, N_("shenpi:assistantsVote 只用在班主任的投票（role=homeroom_teacher）上，请删去。")
