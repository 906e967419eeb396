"""Lists of homeroom teachers: as of a day, what the office would start from, confirming one."""

from collections.abc import Mapping
from typing import Annotated, Any

from flask import Response
from pydantic import BaseModel, Field

from app.domain import clock
from app.domain.homeroom_lists import ClassPosts
from app.services.homeroom import confirmations, lists, plans
from app.services.homeroom.drafts import LONGEST_NAME, ListDraft
from app.services.homeroom.lists import HomeroomView
from app.services.homeroom.plans import Plan, PlannedClass
from app.views.api.answering import CREATED, OK, answer, known
from app.views.api.family import Family
from app.views.api.fields import Answer, Body, Day, Id, Instant, MaybeDay, Path, Reference, Revision
from app.views.api.items import reference
from app.views.database import get_session
from app.views.numbers import FIRST_YEAR, LAST_YEAR
from app.views.session import current_actor

family = Family("homeroom_lists", "班主任名单")
MANY = 200


class AsOf(BaseModel):
    as_of: MaybeDay = Field(None, description="哪一天的名单；不写则为今天")


class ClassAnswer(Answer):
    class_name: str
    homeroom_teacher: Reference | None
    assistants: list[Reference]


class ListAnswer(Answer):
    organization: Reference
    as_of: Day
    school_year: int = Field(description="学年开始的那一年；名单还是上一学年的，这里就是上一学年")
    revision: int = Field(description="这个学年的第几份；0 是还没有确认过，从核实的任职读出")
    from_on: Day | None = Field(serialization_alias="from", description="从哪一天起")
    confirmed_by: Reference | None
    confirmed_at: Instant | None
    classes: list[ClassAnswer]


class PlannedAnswer(ClassAnswer):
    before: str = Field(description="原来叫什么；新的班是空的")
    left: list[str] = Field(description="这个班原来的班主任和助理里，已经不在本校的")


class PlanAnswer(Answer):
    organization: Reference
    school_year: int
    revision: int = Field(description="确认时原样带回")
    from_on: Day = Field(serialization_alias="from")
    classes: list[PlannedAnswer]


class ClassBody(Body):
    class_name: Annotated[str, Field(max_length=LONGEST_NAME)]
    homeroom_teacher: Id
    assistants: Annotated[list[Id], Field(max_length=MANY)] = Field(default=[])


class ListBody(Body):
    school_year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)] = Field(description="学年开始的那一年")
    revision: Revision = Field(description="看到的是这个学年的第几份；还没有就是 0")
    from_on: Day = Field(alias="from", description="从哪一天起")
    classes: Annotated[list[ClassBody], Field(max_length=MANY)] = Field(description="整份名单")


@family.get("/organizations/<int:id>/homeroom-list", summary="班主任名单，任何一天的", responses={OK: ListAnswer})
def show(path: Path, query: AsOf) -> Response:
    """Return a school's list as of a day."""
    found = lists.get_list(get_session(), current_actor(), known(path.id), query.as_of or clock.today())
    return answer(_list(found))


@family.get(
    "/organizations/<int:id>/homeroom-list/plan",
    summary="新名单从什么改起：新学年的各班升一级，学年当中是现在的名单",
    responses={OK: PlanAnswer},
)
def plan(path: Path) -> Response:
    """Return what the office starts from."""
    return answer(_plan(plans.plan_for(get_session(), current_actor(), known(path.id))))


@family.post(
    "/organizations/<int:id>/homeroom-list",
    summary="确认班主任名单：任职和档案里的任职年限从那一天起跟着变",
    responses={CREATED: ListAnswer},
)
def confirm(path: Path, body: ListBody) -> Response:
    """Confirm a list."""
    session, actor, organization_id = get_session(), current_actor(), known(path.id)
    draft = ListDraft(body.school_year, body.revision, body.from_on, [_posts(one) for one in body.classes])
    confirmed = confirmations.confirm(session, actor, organization_id, draft)
    return answer(_list(lists.get_list(session, actor, organization_id, confirmed.from_on)), CREATED)


def _posts(one: ClassBody) -> ClassPosts:
    return ClassPosts(one.class_name, one.homeroom_teacher, tuple(one.assistants))


def _list(found: HomeroomView) -> ListAnswer:
    confirmed = found.confirmed
    return ListAnswer(
        organization=reference(found.organization),
        as_of=found.on,
        school_year=confirmed.school_year if confirmed else found.school_year,
        revision=confirmed.revision if confirmed else 0,
        from_on=confirmed.from_on if confirmed else None,
        confirmed_by=Reference(id=confirmed.confirmed_by.id, name=confirmed.confirmed_by.name) if confirmed else None,
        confirmed_at=confirmed.confirmed_at if confirmed else None,
        classes=[ClassAnswer(**_people(one, found.names)) for one in found.classes],
    )


def _plan(found: Plan) -> PlanAnswer:
    return PlanAnswer(
        organization=reference(found.organization),
        school_year=found.school_year,
        revision=found.revision,
        from_on=found.from_on,
        classes=[_planned(one, found) for one in found.classes],
    )


def _planned(one: PlannedClass, found: Plan) -> PlannedAnswer:
    return PlannedAnswer(before=one.before, left=list(one.left), **_people(one.posts, found.teachers.names))


def _people(one: ClassPosts, names: Mapping[int, str]) -> dict[str, Any]:
    leads = one.teacher_id
    return {
        "class_name": one.class_name,
        "homeroom_teacher": Reference(id=leads, name=names[leads]) if leads is not None else None,
        "assistants": [Reference(id=person_id, name=names[person_id]) for person_id in one.assistant_ids],
    }
