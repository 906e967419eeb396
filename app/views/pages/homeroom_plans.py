"""A new list of homeroom teachers that the office confirms, and a change in mid-year."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain import clock, school_years
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.rules import Clause
from app.services.homeroom import confirmations, plans
from app.services.homeroom.drafts import MOST_CLASSES, ListDraft
from app.services.homeroom.plans import Plan
from app.services.homeroom.readings import TypedClass, read, written
from app.views.database import get_session
from app.views.errors import said_errors, status_of
from app.views.forms import typed, typed_day
from app.views.numbers import whole
from app.views.presenters import homeroom
from app.views.schools import school_asked
from app.views.session import current_actor

blueprint = Blueprint("homeroom_plans", __name__, url_prefix="/homeroom-list")
Answer = Response | str | tuple[str, int]


@blueprint.get("/edit")
def edit() -> str:
    """Show the form of a new list, or of the list as it is."""
    plan = _plan()
    return _form(plan, homeroom.planned_rows(plan), plan.from_on, {})


@blueprint.post("/edit")
def confirm() -> Answer:
    """Show what the list changes, go back to the form, or confirm."""
    plan, rows = _plan(), _typed_classes()
    if "_back" in request.form:
        return _form(plan, rows, typed_day("from"), {})
    try:
        draft = ListDraft(_number("school_year"), _number("revision"), typed_day("from"), read(rows, plan.teachers))
        if "_confirm" in request.form:
            return _confirmed(plan, draft)
        found = confirmations.preview(get_session(), current_actor(), plan.organization.id, draft)
    except Invalid as error:
        return _form(plan, rows, _typed_or(plan.from_on), said_errors(error), _clause(error)), status_of(error)
    return render_template(
        "homeroom/confirm.html",
        found=found,
        draft=draft,
        rows=rows,
        year=school_years.titled(draft.school_year),
        counted=homeroom.counted(found),
        changes=homeroom.changes(found),
        doubled=homeroom.doubled(found),
    )


@blueprint.get("/change")
def ask_change() -> str:
    """Ask who leads a class from which day on."""
    plan = _plan()
    posts = next((one.posts for one in plan.classes if one.posts.class_name == _class_name()), None)
    if plan.is_first or posts is None:
        raise NotFound
    return _change_form(plan, written(posts, plan.teachers), plan.from_on, {})


@blueprint.post("/change")
def change() -> Answer:
    """Give a class another homeroom teacher or other assistants."""
    plan = _plan()
    one = TypedClass(_class_name(), typed("homeroom_teacher"), typed("assistants"))
    try:
        draft = ListDraft(plan.school_year, _number("revision"), typed_day("from"), read([one], plan.teachers))
        confirmations.change_class(get_session(), current_actor(), plan.organization.id, draft)
    except Invalid as error:
        errors = {path.rsplit(".", 1)[-1]: words for path, words in said_errors(error).items()}
        return _change_form(plan, one, _typed_or(plan.from_on), errors, _clause(error)), status_of(error)
    flash(_("已登记，%(name)s的人和相关的人都收到了通知。", name=one.class_name))
    return _shown(plan, draft)


def _confirmed(plan: Plan, draft: ListDraft) -> Response:
    kept = confirmations.confirm(get_session(), current_actor(), plan.organization.id, draft)
    year = school_years.titled(kept.school_year)
    flash(_("已确认 %(year)s的班主任名单，有变动的人都收到了通知。", year=_(year.message, **year.params)))
    return _shown(plan, draft)


def _shown(plan: Plan, draft: ListDraft) -> Response:
    """Show the list from the day on which it holds, today at the earliest."""
    is_coming = draft.from_on is not None and draft.from_on > clock.today()
    # What has no value is left out of the address.
    return redirect(
        url_for("homeroom.index", organization=plan.organization.id, on=draft.from_on if is_coming else None)
    )


def _form(
    plan: Plan,
    rows: Sequence[TypedClass],
    from_on: date | None,
    errors: dict[str, list[str]],
    clause: Clause | None = None,
) -> str:
    return render_template(
        "homeroom/edit.html",
        plan=plan,
        year=school_years.titled(plan.school_year),
        revision=request.form.get("revision", plan.revision, type=whole),
        rows=homeroom.typed_rows(rows, plan),
        unplaced=homeroom.unplaced(rows, plan),
        from_on=from_on,
        errors=errors,
        labels=homeroom.labels(rows),
        clause=clause,
    )


def _change_form(
    plan: Plan,
    one: TypedClass,
    from_on: date | None,
    errors: dict[str, list[str]],
    clause: Clause | None = None,
) -> str:
    revision = request.form.get("revision", plan.revision, type=whole)
    return render_template(
        "homeroom/change.html",
        plan=plan,
        one=one,
        from_on=from_on,
        revision=revision,
        errors=errors,
        clause=clause,
    )


def _clause(error: Invalid) -> Clause | None:
    return error.clause if isinstance(error, Refused) else None


def _typed_classes() -> list[TypedClass]:
    """Return the rows that were typed, without those that are blank or marked to go."""
    found = []
    for place in range(MOST_CLASSES + homeroom.SPARE_ROWS):
        path = f"classes.{place}."
        row = TypedClass(typed(f"{path}class_name"), typed(f"{path}homeroom_teacher"), typed(f"{path}assistants"))
        if not row.is_blank and not typed(f"{path}gone"):
            found.append(row)
    return found


def _plan() -> Plan:
    return plans.plan_for(get_session(), current_actor(), school_asked().id)


def _typed_or(day: date) -> date:
    try:
        return typed_day("from") or day
    except Invalid:
        return day


def _class_name() -> str:
    return request.args.get("class", "")


def _number(name: str) -> int:
    return request.form.get(name, 0, type=whole)
