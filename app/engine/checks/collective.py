"""Collective tasks: a rule that can close them, and answers that stay out of the case."""

from collections.abc import Iterator

from app.domain.tally import ABSTAIN, Closing, Secrecy, share_of
from app.domain.text import N_
from app.domain.vocabulary import Role, Verdict
from app.engine.checks.facts import Facts
from app.engine.collectives import PEOPLE_LISTS
from app.engine.expressions import ExpressionError, parse
from app.engine.forms.file_fields import FileField
from app.engine.model import Collective, UserTask
from app.engine.problems import Problem

Objection = tuple[bool, str]
# A rule counts approvals; the verdict written first is the one that approves.
CANNOT_APPROVE = frozenset({Verdict.RETURN, Verdict.REFUSE, Verdict.DISAGREE, Verdict.ABSTAIN})


def check_collective(facts: Facts) -> Iterator[Problem]:
    """Find closing rules that lack or contradict something, and links that a task of many people cannot have."""
    many = {task.id for task in facts.user_tasks() if task.collective is not None}
    for task in facts.user_tasks():
        for name in (*task.distinct_from, *task.signs, *((task.edits,) if task.edits else ())):
            if name in many:
                message = N_("“%(name)s”由多人办理，不能写在 distinctFrom、signs 或 edits 里，请删去。")
                yield facts.problem(task.id, "collective", message, name=name)
        if task.collective is not None:
            for is_wrong, words in _objections(facts, task, task.collective):
                if is_wrong:
                    yield facts.problem(task.id, "collective", words)


def _objections(facts: Facts, task: UserTask, asked: Collective) -> Iterator[Objection]:
    yield asked.closing not in set(Closing), N_("结束的办法 shenpi:closing 只能写 all、first、ratio 或者 quorum。")
    yield asked.secrecy not in set(Secrecy), N_("shenpi:secrecy 只能写 named、confidential 或者 secret。")
    yield (
        task.role == Role.REVIEW_PANEL_MEMBER and (asked.secrecy == Secrecy.NAMED or asked.about is None),
        N_("评审组怎样表决要保密，对被评的人也是：shenpi:secrecy 请写 confidential，shenpi:about 请写评的是谁。"),
    )
    yield task.is_initiator or task.is_person, N_("多人办理的任务要写一个职务，不能写发起人或者一个人。")
    yield bool(task.signature), N_("多人办理的任务不能要求签字：要签字，请一人画一个任务。")
    yield bool(task.edits), N_("多人办理的任务不能修改别的环节填的内容：各人填的只留在各人的答复里。")
    yield _offers_files(facts, task, asked), N_("保密的多人办理不能交附件：文件会露出是谁交的。")
    yield (
        asked.among is not None and asked.among not in PEOPLE_LISTS,
        N_("没有 shenpi:among 写的这份名单，请改正名称。"),
    )
    yield from _verdict_objections(task, asked)
    yield from _reason_objections(task, asked)
    yield from _number_objections(task, asked)


def _verdict_objections(task: UserTask, asked: Collective) -> Iterator[Objection]:
    choices = [verdict for verdict in task.verdicts if verdict != ABSTAIN]
    is_counted = asked.closing == Closing.RATIO or asked.majority is not None
    yield bool(task.verdicts) and task.verdicts[0] in CANNOT_APPROVE, N_("赞成的答复要写在 shenpi:verdicts 的最前面。")
    yield (
        is_counted and len(choices) != 2,  # noqa: PLR2004 - for and against
        N_("按比例决定的，除弃权外要恰好有两种答复，赞成的在前。"),
    )
    yield asked.closing == Closing.FIRST and ABSTAIN in task.verdicts, N_("一人办了就算的，不能有弃权。")
    yield (
        asked.closing == Closing.FIRST and asked.secrecy == Secrecy.CONFIDENTIAL,
        N_("一人办了就算的不能保密：结果就是那个人的答复。请改成记名，或者换一种结束的办法。"),
    )


def _reason_objections(task: UserTask, asked: Collective) -> Iterator[Objection]:
    has_reasons = bool(asked.reasons)
    yield not set(asked.reasons) <= set(task.verdicts), N_("shenpi:reasons 里的答复要在 shenpi:verdicts 里。")
    yield (
        has_reasons and (asked.is_secret or asked.is_scored),
        N_("无记名投票和评议打分没有理由，不能写 shenpi:reasons。"),
    )


def _number_objections(task: UserTask, asked: Collective) -> Iterator[Objection]:
    needs_quorum = asked.closing in {Closing.RATIO, Closing.QUORUM}
    yield needs_quorum and asked.quorum is None, N_("请写明 shenpi:quorum：一个比例，例如 2/3，或者人数。")
    yield not needs_quorum and asked.quorum is not None, N_("只有 closing 是 ratio 或者 quorum 时才写 shenpi:quorum。")
    takes_majority = asked.closing in {Closing.ALL, Closing.QUORUM}
    yield (
        not takes_majority and asked.majority is not None,
        N_("只有 closing 是 all 或者 quorum 时才写 shenpi:majority。"),
    )
    yield not task.due, N_("多人办理的要写期限 shenpi:due：名单上有人离开了，没有期限就会一直等下去。")
    yield _is_no_share(asked.quorum), N_("shenpi:quorum 要得出一个比例（如 2/3）或者人数（如 5）。")
    yield _is_no_share(asked.majority, most=1), N_("shenpi:majority 要得出一个不大于 1 的比例，例如 2/3。")


def _is_no_share(text: str | None, most: int | None = None) -> bool:
    """Tell whether a number that stands there whatever the case can be no share; what cannot be read is told elsewhere."""
    if text is None:
        return False
    try:
        expression = parse(text)
        if expression.names or expression.rules:
            return False
        share = share_of(expression.evaluate({}))
    except ExpressionError:
        return False
    return share is None or (most is not None and share > most)


def _offers_files(facts: Facts, task: UserTask, asked: Collective) -> bool:
    form = facts.form_of(task)
    is_hidden = asked.secrecy != Secrecy.NAMED
    return is_hidden and form is not None and any(isinstance(field, FileField) for field in form.walk())
