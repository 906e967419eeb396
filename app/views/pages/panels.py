"""A panel: the sheet that each member fills in, and the score sheet when all are in."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.domain.vocabulary import Verdict, WorkItemStatus
from app.services import completions
from app.services.completions import Completion
from app.services.filling import drafts
from app.services.filling.drafts import DraftMoved
from app.services.panels import sheets
from app.services.reading import cases, readings
from app.services.reading.cases import TaskView
from app.services.rounds import reviews
from app.views import draft_posts
from app.views.database import get_session
from app.views.errors import said, said_errors, status_of
from app.views.form_posts import Post
from app.views.numbers import whole
from app.views.presenters import asks, panels
from app.views.presenters.case_page import case_line
from app.views.presenters.clauses import clause_words
from app.views.score_posts import read_scores
from app.views.session import current_actor
from app.views.words import due_kind, due_left

blueprint = Blueprint("panels", __name__)
Answer = Response | str | tuple[str, int]


@blueprint.get("/tasks/<int:item_id>/scores")
def ask(item_id: int) -> str:
    """Show the sheet to fill in, or what was handed in."""
    session, actor = get_session(), current_actor()
    found = _place(item_id)
    readings.mark(session, actor, found)
    cases.mark_read(session, actor, found.view.case.id)
    return _page(_place(item_id), Post())


@blueprint.post("/tasks/<int:item_id>/scores")
def score(item_id: int) -> Answer:
    """Hand the sheet in, keep a draft, or draw the page again."""
    found, post = _place(item_id), read_scores()
    try:
        if answer := _kept(found, post):
            return answer
    except DraftMoved as error:
        return _page(found, post, said(error.sentence), seen=error.revision), status_of(error)
    return _handed_in(found, post)


@blueprint.get("/panels/<int:panel_id>")
def show(panel_id: int) -> str:
    """Show the score sheet, and before the end how far the panel is."""
    session, actor = get_session(), current_actor()
    found = sheets.score_sheet(session, actor, panel_id)
    view = cases.case_view(session, actor, found.standing.task.instance_id)
    return render_template(
        "panels/sheet.html",
        case=view.case,
        line=case_line(session, actor, view),
        name=found.standing.task.element_name,
        state=panels.state(found),
        facts=panels.facts(found),
        criteria=found.sheet.criteria,
        most=found.sheet.most,
        rows=panels.line_rows(found),
        is_closed=found.standing.is_closed,
        is_named=found.standing.is_named,
        is_own_hidden=found.is_own_hidden,
    )


def _place(item_id: int) -> TaskView:
    """Return the person's own place in a panel. Raises NotFound, Forbidden."""
    found = cases.task_view(get_session(), current_actor(), item_id)
    if found.scoring is None:
        raise Forbidden if found.standing is not None and found.standing.panel is not None else NotFound
    return found


def _kept(found: TaskView, post: Post) -> Response | None:
    if post.is_autosave and not found.is_open:
        return draft_posts.refused(Stale())
    url, subject = url_for("panels.ask", item_id=found.item.id), drafts.task_subject(found.item.id)
    return draft_posts.handled(post, subject, url, kept=_("已存草稿，下次打开时接着评。"))


def _handed_in(found: TaskView, post: Post) -> Answer:
    session, actor = get_session(), current_actor()
    item_id, name, case_id = found.item.id, found.item.element_name, found.item.instance_id
    asked = Completion(request.form.get("revision", 0, type=whole), Verdict.SUBMIT, post.values)
    try:
        completions.complete(session, actor, item_id, asked)
    except Invalid as error:
        return _page(_place(item_id), Post(post.values, said_errors(error))), status_of(error)
    except Conflict as error:
        return _moved(_place(item_id), post, error)
    flash(asks.sent_on(session, cases.case_view(session, actor, case_id), Verdict.SUBMIT, name))
    return redirect(url_for("inbox.show"))


def _moved(found: TaskView, post: Post, error: Conflict) -> Answer:
    """Show the latest with what was typed; who clicked twice sees what the first click handed in."""
    if isinstance(error, Stale) and found.item.status == WorkItemStatus.DONE:
        return redirect(url_for("panels.ask", item_id=found.item.id))
    return _page(found, post, said(error.sentence)), status_of(error)


def _applications(case_id: int) -> dict[str, str]:
    """Return where each candidate's application can be read, where they applied in a round."""
    found = reviews.cases_of_candidates(get_session(), case_id)
    return {key: url_for("cases.show", instance_id=application) for key, application in found.items()}


def _page(found: TaskView, post: Post, moved: str = "", *, seen: int | None = None) -> str:
    session, member = get_session(), found.scoring
    assert member is not None  # noqa: S101 - _place has seen it
    item, view = found.item, found.view
    values = member.typed(post.values) if post.values else found.values
    return render_template(
        "panels/score.html",
        item=item,
        case=view.case,
        line=panels.member_line(member, values),
        due={"words": due_left(item.due_at), "kind": due_kind(item.due_at)} if found.is_open and item.due_at else None,
        secrecy=panels.secrecy_words(found.standing) if found.standing else "",
        closed=None if found.is_open else asks.closed(session, found),
        criteria=member.sheet.criteria,
        rows=panels.sheet_rows(member, values, post.errors),
        applications=_applications(view.case.id),
        labels=panels.labels(member),
        errors=post.errors,
        moved=moved,
        draft=draft_posts.about(found.draft, seen),
        clause=clause_words(view.case.rules, found.task.clause),
        ask=found.task.ask,
        panel_id=item.collective_id,
    )
