"""What the API answers about cases and tasks."""

from typing import Any, Literal

from pydantic import Field

from app.views.api.conditions import Conditions
from app.views.api.fields import Answer, Instant, Reference

ELIGIBILITY = "申报的条件符合不符合；不是申报，或者看不到申报人的档案、也不评审这份职级申报，是 null"


class Candidates(Answer):
    role: str
    title: str
    organization: Reference
    studio: int | None


class Line(Answer):
    """A line of a summary."""

    label: str
    value: str


class Item(Answer):
    """A row of a list of tasks; a case where `id` is null."""

    id: int | None
    element: str | None
    name: str = Field(description="步骤的名称")
    title: str = Field(description="事项的标题")
    summary: list[Line] = Field(description="流程的摘要：工作室、金额、用途这样的几行")
    instance: int
    organization: Reference
    kind: Literal["task", "signature", "delegated", "added_before", "added_after", "collective", "case"] = Field(
        description="delegated 委派给我出意见，added_before、added_after 加签，case 在本人发起和抄送的列表里"
    )
    status: str
    due_at: Instant | None
    revision: int
    assignee: Reference | None
    candidates: Candidates | None = Field(description="没有指定办理人时，由哪个职务的人办理")
    handed_by: Reference | None = Field(description="谁转办、委派或者加签来的")
    handed_reason: str | None = Field(description="转办、委派或者加签的理由")
    reminders: int = Field(description="等着办的时候催过几次")
    on_behalf_of: Reference | None = Field(description="代谁办：本人是代理人；已办里是当时代谁办的")
    is_read: bool | None = Field(description="todo 和 copied 里：本人打开过没有；别处为空")


class Collective(Answer):
    """A task that many people are asked at once."""

    id: int
    instance: int
    element: str
    name: str
    status: str = Field(
        description="open 办理中，settled 已有结果，closed 已结束，cancelled 已取消；无记名的还有 preparing 等监票人，counting 等计票"
    )
    closing: str
    quorum: str | None
    majority: str | None
    secrecy: str
    role: str
    roll: int = Field(description="名单人数")
    recused: int = Field(description="回避人数，不算成员")
    answered: int | None = Field(description="办理了几人；无记名的结束以前为空")
    turnout: int | None = Field(description="无记名的在结束以前：投票的约占百分之几，按 5 取整；名册不到 5 人的不给")
    due_at: Instant | None
    opened_at: Instant
    closed_at: Instant | None
    outcome: str | None
    closed_by: str | None = Field(description="rule 按规则，deadline 到期，scrutineers 监票人确认了计票")
    counts: dict[str, int] | None = Field(
        description="各种答复的人数；结束前，保密而办理的不足 5 人，保密而办的是本人的事时为空"
    )


class Criterion(Answer):
    """What a panel scores, and the most points for it."""

    name: str
    points: int


class Candidate(Answer):
    """Whom a panel scores; `recusal` is why the caller does not."""

    id: int | str
    name: str
    hint: str
    recusal: str | None = Field(description="本人为什么不评：self relative same_studio other；要评的为空")
    recusal_studio: str | None = Field(None, description="工作室台账上同在哪个工作室；自己申报的为空")


class Scoring(Answer):
    """A panel's sheet as the caller fills it in: `values.scores` is a row of points for each criterion."""

    candidates: list[Candidate]
    criteria: list[Criterion]


class SignatureAsked(Answer):
    statement: str
    content_hash: str


class Received(Answer):
    """What a message brought the case."""

    element: str
    name: str
    values: dict[str, Any]


class Items(Answer):
    items: list[Item]
    next: str | None


class SavedDraft(Answer):
    """What the caller typed before and has not handed in; the values are those of the task."""

    comment: str | None
    revision: int
    saved_at: Instant


class TaskDetail(Item):
    form: dict[str, Any] | None = Field(description="表单；每个 valuesKey 的选项在 values 里")
    values: dict[str, Any]
    draft: SavedDraft | None = Field(description="本人存过的草稿；表单的值在 values 里")
    verdicts: list[str] = Field(description="现在可以怎样办；不能办时为空")
    signature: SignatureAsked | None
    collective: Collective | None = Field(description="由多人办理的任务")
    scoring: Scoring | None = Field(description="评议打分：评谁、评什么；办理时交 values.scores")
    messages: list[Received] = Field(description="这件事收到的消息带来的内容")
    escalated_to: str | None = Field(description="超时以后升级给了哪个职务")
    is_unheld: bool = Field(description="现在没有人能办")
    eligibility: Conditions | None = Field(description=ELIGIBILITY)


class Event(Answer):
    """Something that happened in a case; `verdict` where somebody answered a task."""

    at: Instant
    kind: str
    element: str | None
    name: str
    verdict: str | None
    person: Reference | None
    position: str
    organization: str
    comment: str | None
    content_hash: str | None = Field(description="签字所签内容的指纹")
    signed_at: Instant | None = Field(description="作废的签字是何时签的")
    values: dict[str, Any] = Field(description="当时提交的内容")
    comment_id: int | None = Field(description="留言的编号，收回时用")
    people: list[Reference] = Field(description="转办、委派、加签、抄送、催办的是谁")


class Copy(Answer):
    """Who was sent a copy, and when it was read."""

    person: Reference
    at: Instant
    read_at: Instant | None = Field(description="何时看的；还没看的为空")


class Waiting(Answer):
    """An event that a case waits for, with no task to do."""

    element: str
    name: str
    kind: Literal["message", "timer"]
    due_at: Instant | None = Field(description="等到何时；等消息的为空")


class Material(Answer):
    """A material of an application."""

    id: int
    name: str
    is_paper: bool = Field(description="交纸质的")
    attachment: str | None
    receipt_number: str | None = Field(description="收到纸质材料以后的收据号")
    received_at: Instant | None


class Instance(Answer):
    """A case in whole."""

    id: int
    serial: str
    process: str
    version: int
    title: str
    organization: Reference
    status: str
    outcome: str | None
    values: dict[str, Any]
    open_tasks: list[Item] = Field(description="由多人办理的一项一行，本人在名单上时有 id")
    collectives: list[Collective]
    waiting: list[Waiting] = Field(description="没有人要办、正在等的消息和时间")
    history: list[Event]
    copies: list[Copy] = Field(description="抄送给谁，谁看过")
    reminders: int = Field(description="一共催过几次")
    rules: dict[str, Any] = Field(description="发起时的规则，带条款")
    materials: list[Material] = Field(description="申报的材料清单；别的事是空的")
    eligibility: Conditions | None = Field(description=ELIGIBILITY)
    due_at: Instant | None


class InstanceRow(Answer):
    """A case in a list."""

    id: int
    serial: str
    process: str
    version: int
    title: str
    organization: Reference
    status: str
    outcome: str | None
    amount: int | None = Field(description="金额，单位分")
    started_at: Instant
    ended_at: Instant | None


class Done(Answer):
    """What completing a task led to."""

    task: Item
    instance: Instance
