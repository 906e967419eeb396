"""What people do with a task beside answering it."""

from typing import Annotated, Any, Literal

from flask import Response
from pydantic import Field, model_validator

from app.services.acts import claims, consultations, transfers
from app.services.acts.consultations import When
from app.services.acts.item_acts import Asked
from app.services.attention import unheld_lists
from app.services.journal import RequestKey
from app.services.reading.cases import task_view
from app.services.starting.starts import Answer as Acted
from app.views.api.answering import OK, answer, known, listed
from app.views.api.family import Family
from app.views.api.fields import Body, Id, Path, Revision
from app.views.api.histories import instance_of
from app.views.api.idempotency import once
from app.views.api.items import item_of
from app.views.api.models import Done, Items
from app.views.database import get_session
from app.views.session import current_actor

family = Family("task_acts", "待办的经手")
Text = Annotated[str, Field(max_length=5000)]
SEEN = "看到的版本；不填就按现在的办"


class Seen(Body):
    revision: Revision | None = Field(None, description=SEEN)

    @model_validator(mode="before")
    @classmethod
    def _or_nothing(cls, given: Any) -> Any:
        return {} if given is None else given


class Releasing(Seen):
    reason: Text | None = Field(None, description="管理员放回别人认领的，要写理由")


class Transferring(Seen):
    to: Id = Field(description="转给谁：本单位的人")
    reason: Text


class Delegating(Seen):
    to: Id = Field(description="请谁出意见：本单位的人")
    reason: Text | None = Field(None, description="想请对方看什么")


class Adding(Seen):
    people: Annotated[list[Id], Field(max_length=100)] = Field(description="请谁会签：本单位的人，最多 10 个")
    when: Literal["before", "after"] = Field(
        description="before 先请他们，再由本人办；after 本人办完再请他们，都同意才往下走"
    )
    reason: Text | None = None


class Recalling(Seen):
    reason: Text | None = Field(None, description="管理员收回别人请的，要写理由")


@family.post_once("/tasks/<int:id>/claim", summary="从职务的待办里认领", responses={OK: Done})
def claim(path: Path, body: Seen) -> Response:
    """Take a task out of a position's queue."""
    return _done(path, once(lambda key: claims.claim(get_session(), _asked(path, body, key))))


@family.post_once("/tasks/<int:id>/release", summary="放回职务的待办", responses={OK: Done})
def release(path: Path, body: Releasing) -> Response:
    """Put a task back into its position's queue."""
    return _done(path, once(lambda key: claims.release(get_session(), _asked(path, body, key), body.reason)))


@family.post_once("/tasks/<int:id>/transfer", summary="转办给同事", responses={OK: Done})
def transfer(path: Path, body: Transferring) -> Response:
    """Give a task to a colleague."""
    return _done(
        path, once(lambda key: transfers.transfer(get_session(), _asked(path, body, key), body.to, body.reason))
    )


@family.post_once("/tasks/<int:id>/delegate", summary="委派：请同事出意见，本人等着", responses={OK: Done})
def delegate(path: Path, body: Delegating) -> Response:
    """Ask a colleague for an opinion."""
    return _done(
        path, once(lambda key: consultations.delegate(get_session(), _asked(path, body, key), body.to, body.reason))
    )


@family.post_once("/tasks/<int:id>/add-signer", summary="加签：请同事在本人之前或者之后会签", responses={OK: Done})
def add_signer(path: Path, body: Adding) -> Response:
    """Let colleagues sign, too."""
    wanted = body.people, When(body.when), body.reason
    return _done(path, once(lambda key: consultations.add_signers(get_session(), _asked(path, body, key), *wanted)))


@family.post_once("/tasks/<int:id>/recall", summary="收回还没有回来的委派和加签", responses={OK: Done})
def recall(path: Path, body: Recalling) -> Response:
    """Take back what was asked."""
    return _done(path, once(lambda key: consultations.recall(get_session(), _asked(path, body, key), body.reason)))


@family.get("/unheld", summary="没有人能办的待办，给流程管理员看；指定办理人用 transfer", responses={OK: Items})
def unheld() -> Response:
    """Return what nobody can do where the caller administers the processes."""
    return listed(map(item_of, unheld_lists.listed(get_session(), current_actor())))


def _asked(path: Path, body: Seen, key: RequestKey | None) -> Asked:
    return Asked(current_actor(), known(path.id), body.revision, key)


def _done(path: Path, acted: Acted) -> Response:
    session, actor = get_session(), current_actor()
    task = item_of(task_view(session, actor, path.id).item)
    return answer(Done(task=task, instance=instance_of(session, actor, acted.instance)))
