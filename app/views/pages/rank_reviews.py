"""Reviews of ranks: the list, the page of one, and the sheet on which a member of the panel answers all votes."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Invalid, NotFound, Stale
from app.services import completions
from app.services.completions import Completion
from app.services.filling import drafts
from app.services.filling.drafts import Typed
from app.services.rank_reviews import readings, reviews
from app.services.reading import cases
from app.views.database import get_session
from app.views.errors import said_errors, status_of
from app.views.forms import typed
from app.views.numbers import whole
from app.views.presenters import rank_reviews as words
from app.views.presenters.file_tabs import tabs
from app.views.session import current_actor

blueprint = Blueprint("rank_reviews", __name__, url_prefix="/rank-reviews")
PAGE = 20


@blueprint.get("")
def index() -> str:
    """List the reviews in sight, the latest first."""
    actor, cursor = current_actor(), request.args.get("cursor")
    page = readings.reviews(get_session(), actor, cursor=cursor, limit=PAGE)
    return render_template(
        "rank_reviews/index.html",
        tabs=tabs(actor),
        rows=[words.row(one) for one in page.items],
        first_url=url_for("rank_reviews.index") if cursor else "",
        next_url=url_for("rank_reviews.index", cursor=page.next) if page.next else "",
    )


@blueprint.get("/<int:review_id>")
def show(review_id: int) -> str:
    """Show a review: its stages and dates, what waits for the reader, who applied and what became of it."""
    session, actor = get_session(), current_actor()
    cursor = request.args.get("cursor")
    view = readings.review_view(session, actor, review_id, cursor=cursor)
    page = view.applications
    ids = [view.review.instance_id, *(one.instance_id for one in page.items)]
    readable = cases.readable(session, actor, ids)
    has_votes = bool(readings.open_votes(session, actor, view.review))
    return render_template(
        "rank_reviews/show.html",
        title=reviews.title_of(view.review),
        line=words.line(view.review, view.count, actor),
        state=words.state(view.review),
        stages=words.stages(view.review),
        waiting=words.waiting(view.waiting),
        most=readings.MOST if view.has_more_waiting else 0,
        applications=words.application_rows(page.items, readable, actor.person_id),
        first_url=url_for("rank_reviews.show", review_id=review_id) if cursor else "",
        next_url=url_for("rank_reviews.show", review_id=review_id, cursor=page.next) if page.next else "",
        votes_url=url_for("rank_reviews.show_votes", review_id=review_id) if has_votes else "",
        case_url=url_for("cases.show", instance_id=ids[0]) if ids[0] in readable else "",
    )


@blueprint.get("/<int:review_id>/votes")
def show_votes(review_id: int) -> str:
    """Show a member of the panel all open votes of a review, one under the other."""
    return _votes_page(review_id, 0, {})


@blueprint.post("/<int:review_id>/votes/<int:item_id>")
def vote(review_id: int, item_id: int) -> Response | tuple[str, int]:
    """Answer one of the votes; what was typed to the others is kept as drafts."""
    session, actor = get_session(), current_actor()
    view = readings.review_view(session, actor, review_id)
    asked = {item.id: one.person.name for item, one in readings.open_votes(session, actor, view.review)}
    if item_id not in asked:
        raise NotFound
    try:
        completions.complete(session, actor, item_id, _answer(item_id))
    except Invalid as error:
        return _votes_page(review_id, item_id, said_errors(error)), status_of(error)
    drafts.discard(session, actor, drafts.task_subject(item_id))
    for other in asked.keys() - {item_id}:
        if words := _said(other):
            drafts.keep(session, actor, drafts.task_subject(other), Typed(None, words))
    flash(_("%(name)s：已投票，交了就不能改。", name=asked[item_id]))
    return redirect(url_for("rank_reviews.show_votes", review_id=review_id))


def _answer(item_id: int) -> Completion:
    revision = request.form.get(f"revision-{item_id}", type=whole)
    if revision is None:
        raise Stale
    return Completion(revision, typed("verdict"), comment=_said(item_id) or None)


def _said(item_id: int) -> str:
    return typed(f"comment-{item_id}")


def _votes_page(review_id: int, wrong_id: int, errors: dict[str, list[str]]) -> str:
    session, actor = get_session(), current_actor()
    view = readings.review_view(session, actor, review_id)
    open_votes = readings.open_votes(session, actor, view.review)
    found = open_votes[: readings.MOST]
    kept = readings.kept_reasons(session, actor, [item.id for item, _one in found])
    return render_template(
        "rank_reviews/votes.html",
        review_id=review_id,
        title=reviews.title_of(view.review),
        rows=words.vote_rows(review_id, found),
        has_more=len(open_votes) > len(found),
        wrong_id=wrong_id,
        errors=errors,
        said={item.id: request.form.get(f"comment-{item.id}", kept.get(item.id, "")) for item, _one in found},
    )
