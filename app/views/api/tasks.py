"""Tasks: the inbox, and working a task."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from flask import Response
from pydantic import Field, model_validator
from sqlalchemy.orm import Session

from app.domain.identity import Actor
from app.services.acts import interventions
from app.services.acts.return_offers import offers_at
from app.services.acts.returns import Mode, Return
from app.services.collective import collective_responses
from app.services.completions import Completion, complete
from app.services.filling.drafts import Typed as TypedDraft
from app.services.filling.task_drafts import keep_task_draft
from app.services.pages import Page
from app.services.panels.scoring import Recusal
from app.services.reading import inbox, readings
from app.services.reading.cases import task_view
from app.services.reading.inbox import Box, Query
from app.views.api.answering import OK, answer, known, listed
from app.views.api.family import Family
from app.views.api.fields import Body, MaybeId, MaybeText, Paging, Path, Revision
from app.views.api.histories import instance_of
from app.views.api.idempotency import once
from app.views.api.items import case_item, item_of, task_of
from app.views.api.models import Done, Item, Items, TaskDetail
from app.views.api.return_targets import ReturnTargets, targets_of
from app.views.database import get_session
from app.views.session import current_actor

family = Family("tasks", "待办")
Word = Annotated[str, Field(max_length=100)]
Text = Annotated[str, Field(max_length=5000)]
BOXES: Mapping[Box, tuple[Callable[[Session, Actor, Query], Page[Any]], Callable[[Any], Item]]] = {
    Box.TODO: (inbox.todo, item_of),
    Box.DONE: (inbox.done, item_of),
    Box.INITIATED: (inbox.initiated, case_item),
    Box.COPIED: (inbox.copied, case_item),
}


class Wanted(Paging):
    box: Box = Field(Box.TODO, description="todo 待办，done 已办，initiated 我发起的，copied 抄送")
    process: MaybeText = None
    q: MaybeText = Field(None, description="标题、编号、步骤名称的一部分，或者发起人姓名")

    on_behalf_of: MaybeId = Field(None, description="只在 todo 里：只看代这个人办的")

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, given: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in given.items() if value != ""}


class Handing(Body):
    revision: Revision
    verdict: Word
    values: dict[str, Any] = Field(default_factory=dict)
    comment: Text | None = None
    password: Annotated[str, Field(max_length=1000)] | None = Field(None, description="只在签字时填")
    content_hash: Word | None = Field(None, description="只在签字时填：看到的内容的指纹")


class Recusing(Body):
    reason: Text = ""
    revision: Revision | None = None
    candidate: int | Word | None = Field(None, description="评议打分：只对这一位候选人回避；不写是全部回避")
    kind: Word | None = Field(
        None, description="只对一位候选人回避时：self relative same_studio other，other 要写 reason"
    )


class Typed(Body):
    values: dict[str, Any] | None = Field(None, description="不写则保留以前存的")
    comment: Text | None = Field(None, description="意见；不写则保留以前存的")
    seen: Revision | None = Field(None, description="看到的草稿的修订号，没有草稿是 0；不写则覆盖")


class Returning(Body):
    to: Word = Field(description="退回到哪一步：步骤的 id，或者 initiator（发起人）、previous（上一步）")
    mode: Word = Field(Mode.AGAIN, description="again：改好后逐步再办；back：改好后直接回到这里")
    reason: Text
    revision: Revision | None = None


@family.get("/tasks", summary="待办、已办、我发起的、抄送", responses={OK: Items})
def index(query: Wanted) -> Response:
    """Return one of the four lists."""
    read, write = BOXES[query.box]
    asked = Query(
        process=query.process, text=query.q, cursor=query.cursor, limit=query.limit, principal_id=query.on_behalf_of
    )
    session, actor = get_session(), current_actor()
    found = read(session, actor, asked)
    items = [write(one) for one in found.items]
    if query.box == Box.COPIED:
        unread = readings.unread_copies(session, actor, [one.instance for one in items])
        items = [one.model_copy(update={"is_read": one.instance not in unread}) for one in items]
    return listed(items, found.next)


@family.get("/tasks/<int:id>", summary="一件待办：表单、已填内容、能怎样办", responses={OK: TaskDetail})
def show(path: Path) -> Response:
    """Return a task with what is needed to work it."""
    session, actor = get_session(), current_actor()
    found = task_view(session, actor, known(path.id))
    readings.mark(session, actor, found)
    return answer(task_of(session, actor, task_view(session, actor, found.item.id)))


@family.post_once("/tasks/<int:id>/complete", summary="办理", responses={OK: Done})
def finish(path: Path, body: Handing) -> Response:
    """Complete a task."""
    session, actor = get_session(), current_actor()
    asked = Completion(**dict(body))
    done = once(lambda key: complete(session, actor, known(path.id), asked, key))
    return _done(session, actor, path.id, done.instance)


@family.post_once("/tasks/<int:id>/recuse", summary="由多人办理的任务，办以前申报回避", responses={OK: Done})
def recuse(path: Path, body: Recusing) -> Response:
    """Step aside from a task that many people are asked, or in a panel for one candidate."""
    session, actor = get_session(), current_actor()
    aside = Recusal(str(body.candidate), body.kind or "") if body.candidate is not None else None
    done = once(
        lambda key: collective_responses.recuse(session, actor, known(path.id), body.reason, body.revision, key, aside)
    )
    return _done(session, actor, path.id, done.instance)


@family.post("/tasks/<int:id>/draft", summary="保存草稿", responses={OK: TaskDetail})
def draft(path: Path, body: Typed) -> Response:
    """Keep what was typed."""
    typed = TypedDraft(body.values, body.comment, body.seen)
    session, actor = get_session(), current_actor()
    return answer(task_of(session, actor, keep_task_draft(session, actor, known(path.id), typed)))


@family.get("/tasks/<int:id>/return-targets", summary="可以退回到哪些步骤", responses={OK: ReturnTargets})
def return_targets(path: Path) -> Response:
    """Return where an own open task's case may be returned to, and why not elsewhere."""
    _task, offers = offers_at(get_session(), current_actor(), known(path.id))
    return answer(targets_of(offers))


@family.post_once("/tasks/<int:id>/return", summary="退回到办过的一步", responses={OK: Done})
def send_back(path: Path, body: Returning) -> Response:
    """Return a case to an earlier task, from where the steps are walked again or it comes straight back."""
    session, actor = get_session(), current_actor()
    asked = Return(body.to, body.reason, body.mode, body.revision)
    returned = once(lambda key: interventions.return_to(session, actor, known(path.id), asked, key))
    return _done(session, actor, path.id, returned.instance)


def _done(session: Session, actor: Actor, item_id: int, instance_id: int) -> Response:
    task = item_of(task_view(session, actor, item_id).item)
    return answer(Done(task=task, instance=instance_of(session, actor, instance_id)))
