"""Where a task's case may be returned to."""

from typing import Literal

from pydantic import Field

from app.engine.return_targets import Barred
from app.services.acts.returns import Offers, Target
from app.views.api.fields import Answer, Instant


class ReturnTarget(Answer):
    to: str
    name: str
    person: str | None = Field(description="上一次是谁办的；由多人办理的为空")
    people: int | None = Field(description="由多人办理的，名单人数")
    at: Instant
    is_initiator: bool
    is_previous: bool
    modes: list[Literal["again", "back"]] = Field(description="again 逐步再办，back 改好后直接回来")
    no_way_back: str | None = Field(description="为什么不能直接回来")


class BarredTarget(Answer):
    to: str
    name: str
    reason: str


class ReturnTargets(Answer):
    items: list[ReturnTarget]
    barred: list[BarredTarget] = Field(description="不能退回的步骤和原因")


def targets_of(offers: Offers) -> ReturnTargets:
    """Return what is offered, and what is not."""
    return ReturnTargets(items=list(map(_target, offers.targets)), barred=list(map(_barred, offers.barred)))


def _target(one: Target) -> ReturnTarget:
    return ReturnTarget(
        to=one.element,
        name=one.name,
        person=one.finished.person,
        people=one.finished.count,
        at=one.finished.at,
        is_initiator=one.is_initiator,
        is_previous=one.is_previous,
        modes=[mode.value for mode in one.modes],
        no_way_back=one.no_way_back.chinese() if one.no_way_back else None,
    )


def _barred(one: Barred) -> BarredTarget:
    return BarredTarget(to=one.element, name=one.name, reason=one.reason.chinese())
