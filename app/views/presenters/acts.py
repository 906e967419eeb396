"""The verbs of acts and the words of states (LOOK §5, §6)."""

from flask_babel import gettext as _

from app.db.processes import ProcessInstance
from app.db.work import WorkItem
from app.domain.identity import Actor
from app.domain.text import N_
from app.domain.vocabulary import InstanceStatus, Opinion, Verdict
from app.engine.compiler import CompiledProcess
from app.services.messaging.waits import Wait

# The verbs that element names end or begin with; the first found is the act's.
VERBS = (
    N_("受理"),
    N_("签字"),
    N_("入账"),
    N_("确认"),
    N_("修改"),
    N_("审核"),
    N_("核对"),
    N_("初审"),
    N_("审阅"),
    N_("起草"),
)
SAID = {
    Verdict.SUBMIT: N_("提交"),
    Verdict.SIGN: N_("签字"),
    Verdict.AGREE: N_("同意"),
    Verdict.ACCEPT: N_("通过"),
    Verdict.RETURN: N_("退回"),
    Verdict.REFUSE: N_("不同意"),
    Verdict.DISAGREE: N_("不同意"),
    Verdict.ABSTAIN: N_("弃权"),
}
# What a task with such a word in its name calls its verdicts.
OWN_WORDS: dict[str, dict[str, str]] = {
    N_("受理"): {Verdict.RETURN: N_("退回补正"), Verdict.REFUSE: N_("不受理")},
    N_("定主持人"): {Verdict.SUBMIT: N_("定下人选"), Verdict.REFUSE: N_("不定人选")},
    N_("决定递补"): {Verdict.AGREE: N_("递补"), Verdict.REFUSE: N_("名额空着")},
    N_("发布公示"): {Verdict.ACCEPT: N_("发布公示")},
    N_("核对材料"): {
        Verdict.ACCEPT: N_("受理"),
        Verdict.RETURN: N_("退回补正"),
        Verdict.REFUSE: N_("不受理"),
    },
    N_("核对批复"): {Verdict.ACCEPT: N_("核对无误")},
    N_("认定职级"): {Verdict.AGREE: N_("认定"), Verdict.REFUSE: N_("不予认定")},
    N_("召集评审组"): {Verdict.SUBMIT: N_("请评审组重新表决")},
    N_("要不要复核"): {Verdict.ACCEPT: N_("接受结论"), Verdict.DISAGREE: N_("申请复核")},
    N_("聘任"): {Verdict.ACCEPT: N_("接受聘任"), Verdict.REFUSE: N_("谢绝")},
}
OPINION_WORDS: dict[str, str] = {
    Opinion.AGREE: N_("同意"),
    Opinion.DISAGREE: N_("不同意"),
    Opinion.REMARK: N_("只说意见"),
}
STATES: dict[str, tuple[str, str, str | None]] = {
    InstanceStatus.RUNNING: (N_("办理中"), "go", None),
    InstanceStatus.COMPLETED: (N_("已办结"), "ok", None),
    InstanceStatus.WITHDRAWN: (N_("已撤回"), "", "stop"),
    InstanceStatus.CANCELLED: (N_("已中止"), "", "stop"),
    InstanceStatus.SUSPENDED: (N_("已暂停"), "warn", "stop"),
    InstanceStatus.FAILED: (N_("请核对"), "warn", None),
}
# What ids and names of end events say that did not come to what was asked.
BAD_IDS = frozenset({
    "refused", "rejected", "expired", "lapsed", "failed", "late", "overdue", "not", "no", "disagree", "disagreed",
    "incomplete", "tied", "cancelled", "denied", "declined",
})  # fmt: skip
BAD_WORDS = ("没有", "未", "不", "过期", "超时", "超过")


def verb(name: str) -> str:
    """Return the verb of an element's name, as in 签字 of 主持人签字."""
    return next((_(word) for word in VERBS if word in name), name)


def said(verdict: str, name: str = "") -> str:
    """Return a verdict as the verb of its act; an acceptance takes the element's own verb."""
    own = _own_words(name)
    if verdict in own:
        return own[verdict]
    if verdict == Verdict.ACCEPT:
        return next((_(word) for word in VERBS if word in name), _(SAID[Verdict.ACCEPT]))
    if verdict == Verdict.SUBMIT and name:
        return name
    return _(SAID[Verdict(verdict)]) if verdict in SAID else opinion_words(verdict)


def opinion_words(opinion: str) -> str:
    """Return what was answered where an opinion was asked."""
    return _(OPINION_WORDS[opinion]) if opinion in OPINION_WORDS else opinion


def verdict_words(name: str) -> dict[str, str]:
    """Return the words of a task's buttons that differ from the usual ones."""
    word = next((_(word) for word in VERBS if word in name), None)
    usual = {"accept": _("核对无误，%(verb)s", verb=word) if word else _("通过"), "submit": _("提交")}
    return usual | _own_words(name)


def _own_words(name: str) -> dict[str, str]:
    found = next((words for word, words in OWN_WORDS.items() if word in name), {})
    return {verdict: _(words) for verdict, words in found.items()}


def case_state(case: ProcessInstance, process: CompiledProcess | None = None) -> tuple[str, str, str | None]:
    """Return words, kind and icon of where a case stands; an ended one says how it ended."""
    words, kind, icon = STATES[case.status]
    if case.status == InstanceStatus.COMPLETED and case.outcome and process is not None:
        return _end_state(process, case.outcome)
    return _(words), kind, icon


def _end_state(process: CompiledProcess, outcome: str) -> tuple[str, str, str | None]:
    """Return the state of an end: bad by its words, good where the main line leads, else merely an end."""
    name = process.element(outcome).name
    if BAD_IDS.intersection(outcome.split("_")) or any(word in name for word in BAD_WORDS):
        return name, "late", "x"
    if outcome in process.model.order:
        return name, "ok", None
    return _("已办结：%(end)s", end=name), "", "stop"


def waiting_words(item: WorkItem) -> str:
    """Return the state of a task for the person who is asked: 等您签字."""
    return _("等您%(verb)s", verb=verb(item.element_name))


def wait_words(wait: Wait) -> str:
    """Return what a case waits for: 等批复; an event's name may say 等 itself."""
    if not wait.name:
        return _("等别的办件的消息") if wait.kind == "message" else _("等到期")
    return wait.name if wait.name.startswith("等") else _("等%(name)s", name=wait.name)


def initiator_words(name: str | None) -> str:
    """Return who started a case: a person, or the platform at its time."""
    return name or _("系统发起")


def serial_words(serial: str, organization_id: int, actor: Actor) -> str:
    """Return a case's serial number, short inside one's own organisation, as in BX-2026-0318."""
    if not actor.belongs_to(organization_id):
        return serial
    code, *_school, year, number = serial.split("-")
    return f"{code}-{year}-{number}"
