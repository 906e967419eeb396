"""Cases: filing them, finding them, and what is done to them beside their tasks."""

from typing import Annotated, Any

from flask import Response, url_for
from pydantic import Field, model_validator

from app.domain.vocabulary import InstanceStatus
from app.services.acts import interventions
from app.services.filling.submissions import LONGEST_COMMENT
from app.services.reading import comments
from app.services.reading.cases import instances, mark_read
from app.services.reading.forecasts import path_of
from app.services.reading.inbox import Query
from app.services.starting.starts import start
from app.views.api.answering import CREATED, OK, PAPER, answer, known, listed
from app.views.api.family import Family
from app.views.api.fields import Answer, Body, Id, MaybeId, MaybeText, Paging, Path
from app.views.api.histories import instance_of, row_of
from app.views.api.idempotency import once
from app.views.api.models import Instance, InstanceRow
from app.views.api.paths import PathAnswer, path_answer
from app.views.database import get_session
from app.views.papers import approval_sheet
from app.views.session import current_actor

family = Family("instances", "事项")
Text = Annotated[str, Field(max_length=LONGEST_COMMENT)]


class Draft(Body):
    process: Annotated[str, Field(max_length=64)]
    organization: Id
    values: dict[str, Any]


class Wanted(Paging):
    process: MaybeText = None
    status: InstanceStatus | None = None
    organization: MaybeId = None
    q: MaybeText = Field(None, description="标题、编号的一部分，或者发起人姓名")

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, given: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in given.items() if value != ""}


class Withdrawal(Body):
    reason: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _or_nothing(cls, given: Any) -> Any:
        return {} if given is None else given


class Copies(Body):
    people: Annotated[list[Id], Field(min_length=1, max_length=100)]


class Remark(Body):
    text: Text
    mentions: Annotated[list[Id], Field(max_length=20, description="留言里提到的人")] = Field(default_factory=list)


class RemarkPath(Path):
    comment: int


class Instances(Answer):
    items: list[InstanceRow]
    next: str | None


@family.post_once("/instances", summary="提交起草的表单，发起一件事", responses={CREATED: Instance})
def create(body: Draft) -> Response:
    """Submit a start form."""
    session, actor = get_session(), current_actor()
    made = once(lambda key: start(session, actor, body.process, body.organization, body.values, key))
    written = answer(instance_of(session, actor, made.instance), CREATED)
    written.headers["Location"] = url_for("api_instances.show", id=made.instance)
    return written


@family.get("/instances", summary="本人能看的事，新的在前", responses={OK: Instances})
def index(query: Wanted) -> Response:
    """Return the cases in sight."""
    asked = Query(process=query.process, text=query.q, cursor=query.cursor, limit=query.limit)
    found = instances(get_session(), current_actor(), asked, status=query.status, organization_id=query.organization)
    return listed(map(row_of, found.items), found.next)


@family.get("/instances/<int:id>", summary="一件事的全部内容", responses={OK: Instance})
def show(path: Path) -> Response:
    """Return a case in whole; opening it marks a copy as read."""
    session, actor = get_session(), current_actor()
    found = instance_of(session, actor, known(path.id))
    mark_read(session, actor, found.id)
    return answer(found)


@family.get("/instances/<int:id>/print.pdf", summary="打印这件事的审批单（PDF/A）", responses={OK: PAPER})
def print_sheet(path: Path) -> Response:
    """Send the approval sheet as the caller may see it."""
    return approval_sheet(get_session(), current_actor(), known(path.id))


@family.get("/instances/<int:id>/path", summary="流程预测：办过的、现在的、接下来的步骤", responses={OK: PathAnswer})
def foresee(path: Path) -> Response:
    """Return what was done, where a case stands, and what comes, with who is asked and by when."""
    return answer(path_answer(path_of(get_session(), current_actor(), known(path.id))))


@family.post_once("/instances/<int:id>/withdraw", summary="撤回自己发起、别人还没办过的事", responses={OK: Instance})
def withdraw(path: Path, body: Withdrawal) -> Response:
    """Take a case back."""
    session, actor = get_session(), current_actor()
    once(lambda key: interventions.withdraw(session, actor, known(path.id), body.reason or "", key))
    return answer(instance_of(session, actor, path.id))


@family.post_once(
    "/instances/<int:id>/remind", summary="催办：给还没办的人各发一条提醒，一天一次", responses={OK: Instance}
)
def remind(path: Path) -> Response:
    """Urge whoever a case waits for."""
    session, actor = get_session(), current_actor()
    once(lambda key: interventions.remind(session, actor, known(path.id), key))
    return answer(instance_of(session, actor, path.id))


@family.post_once("/instances/<int:id>/copy", summary="抄送给本单位的人", responses={OK: Instance})
def copy(path: Path, body: Copies) -> Response:
    """Let colleagues see a case."""
    session, actor = get_session(), current_actor()
    once(lambda key: interventions.copy(session, actor, known(path.id), body.people, key))
    return answer(instance_of(session, actor, path.id))


@family.post_once("/instances/<int:id>/comments", summary="留言", responses={CREATED: Instance})
def comment(path: Path, body: Remark) -> Response:
    """Leave a remark."""
    session, actor = get_session(), current_actor()
    once(lambda key: comments.comment(session, actor, known(path.id), body.text, body.mentions, key))
    return answer(instance_of(session, actor, path.id), CREATED)


@family.post(
    "/instances/<int:id>/comments/<int:comment>/take-back",
    summary="收回自己的留言，5 分钟以内",
    responses={OK: Instance},
)
def take_back(path: RemarkPath) -> Response:
    """Take an own remark back."""
    session, actor = get_session(), current_actor()
    comments.take_back(session, actor, known(path.id), known(path.comment))
    return answer(instance_of(session, actor, path.id))
