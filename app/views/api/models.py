"""What the API answers about cases and tasks."""

from typing import Any, Literal

from pydantic import Field

from app.views.api.fields import Answer, Instant, Reference


class Candidates(Answer):
    role: str
    title: str
    organization: Reference
    studio: int | None


class Item(Answer):
    """A row of a list of tasks; a case where `id` is null."""

    id: int | None
    element: str | None
    name: str = Field(description="步骤的名称")
    title: str = Field(description="事项的标题")
    instance: int
    organization: Reference
    kind: Literal["task", "signature", "case"]
    status: str
    due_at: Instant | None
    revision: int
    assignee: Reference | None
    candidates: Candidates | None = Field(description="没有指定办理人时，由哪个职务的人办理")


class SignatureAsked(Answer):
    statement: str
    content_hash: str


class TaskDetail(Item):
    form: dict[str, Any] | None = Field(description="表单；每个 valuesKey 的选项在 values 里")
    values: dict[str, Any]
    verdicts: list[str] = Field(description="现在可以怎样办；不能办时为空")
    signature: SignatureAsked | None


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
    open_tasks: list[Item]
    history: list[Event]
    rules: dict[str, Any] = Field(description="发起时的规则，带条款")
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
