"""A new list of homeroom teachers that the office confirms, and a change in mid-year."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain import clock, school_years
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.rules import Clause
from app.services.filling import drafts
from app.services.filling.drafts import DraftMoved
from app.services.homeroom import confirmations, plans
from app.services.homeroom.drafts import MOST_CLASSES, ListDraft
from app.services.homeroom.plans import Plan
from app.services.homeroom.readings import TypedClass, found_again, kept, read, written
from app.views import draft_posts
from app.views.database import get_session
from app.views.errors import said_errors, status_of
from app.views.form_posts import Post
from app.views.forms import typed, typed_day
from app.views.numbers import whole
from app.views.presenters import homeroom
from app.views.schools import school_asked
from app.views.session import current_actor

blueprint = Blueprint("homeroom_plans", __name__, url_prefix="/homeroom-list")
Answer = Response | str | tuple[str, int]


@blueprint.get("/edit")
def edit() -> str:
    """Show the form of a new list, or of the list as it is; what was typed before and not confirmed is there again."""
    plan = _plan()
    draft = drafts.draft_of(get_session(), current_actor(), _subject(plan))
    if draft is None:
        return _form(plan, homeroom.planned_rows(plan), plan.from_on, {})
    return _form(plan, found_again(draft.values), draft.values["from"], {})


@blueprint.post("/edit")
def confirm() -> Answer:
    """Keep a draft, show what the list changes, go back to the form, or confirm."""
    plan, rows = _plan(), _typed_classes()
    try:
        if kept_draft := _kept(plan, rows):
            return kept_draft
        if "_back" in request.form:
            return _form(plan, rows, typed("from"), {})
        draft = ListDraft(_number("school_year"), _number("revision"), typed_day("from"), read(rows, plan.teachers))
        if "_confirm" in request.form:
            return _confirmed(plan, draft)
        return _changes(plan, draft, rows)
    except DraftMoved as error:
        return _form(plan, rows, typed("from"), {}, moved=error), status_of(error)
    except Invalid as error:
        return _form(plan, rows, typed("from"), said_errors(error), _clause(error)), status_of(error)


def _kept(plan: Plan, rows: Sequence[TypedClass]) -> Response | None:
    """Keep what was typed, or throw it away; None where that is not asked for."""
    post = Post(kept(typed("from"), rows))
    url = url_for("homeroom_plans.edit", organization=plan.organization.id)
    return draft_posts.handled(post, _subject(plan), url, kept=_("已存草稿，下次从“班主任名单”打开时接着填。"))


def _changes(plan: Plan, draft: ListDraft, rows: Sequence[TypedClass]) -> str:
    found = confirmations.preview(get_session(), current_actor(), plan.organization.id, draft)
    return render_template(
        "homeroom/confirm.html",
        found=found,
        draft=draft,
        rows=rows,
        seen=request.form.get("draft_seen", drafts.NONE_YET, type=whole),
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
        return _change_form(plan, one, typed("from"), errors, _clause(error)), status_of(error)
    flash(_("已登记，%(name)s的人和相关的人都收到了通知。", name=one.class_name))
    return _shown(plan, draft)


def _confirmed(plan: Plan, draft: ListDraft) -> Response:
    confirmations.confirm(get_session(), current_actor(), plan.organization.id, draft)
    drafts.discard(get_session(), current_actor(), _subject(plan))
    year = school_years.titled(draft.school_year)
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
    from_on: date | str | None,
    errors: dict[str, list[str]],
    clause: Clause | None = None,
    moved: DraftMoved | None = None,
) -> str:
    draft = drafts.draft_of(get_session(), current_actor(), _subject(plan))
    return render_template(
        "homeroom/edit.html",
        draft=draft_posts.about(draft, moved.revision if moved else None),
        moved=moved.sentence if moved else None,
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
    from_on: date | str | None,
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


def _subject(plan: Plan) -> str:
    """Return what a draft of the list is about: as it was seen where it is posted."""
    year, revision = (request.form.get(name, type=whole) for name in ("school_year", "revision"))
    if year is None or revision is None:
        year, revision = plan.school_year, plan.revision
    return drafts.list_subject(plan.organization.id, year, revision)


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


def _class_name() -> str:
    return request.args.get("class", "")


def _number(name: str) -> int:
    return request.form.get(name, 0, type=whole)
